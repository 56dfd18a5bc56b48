from django.core.mail import EmailMessage, get_connection


def test_a_message_is_one_file_however_often_it_is_sent(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    connection = get_connection("lambeth_plans.cycles.mail_files.EmailBackend")
    message = EmailMessage("Hello", "£5", to=["a@here.example"], headers={"Message-ID": "<one/../1@here.example>"})
    other = EmailMessage("Another", "", to=["a@here.example"])
    assert connection.send_messages([message, message, other]) == 3
    files = sorted(tmp_path.glob("mail/*"))
    assert len(files) == 2
    assert "Subject: Hello" in (tmp_path / "mail" / "one_.._1@here.example.eml").read_text()
