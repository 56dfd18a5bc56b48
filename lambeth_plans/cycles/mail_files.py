"""E-mail as files, for the demo: a message is a file named after its Message-ID, whole or not there at all.

So a message that is sent twice is one file, and whoever looks into the folder sees what a person would have got.
"""

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes into the folder EMAIL_FILE_PATH, which it makes. Raises OSError where it cannot."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for each in email_messages:
            message = each.message()
            name = re.sub(r"[^\w.@-]+", "_", message["Message-ID"].strip("<>"), flags=re.ASCII)
            with tempfile.NamedTemporaryFile(dir=folder, prefix=".", suffix=".part", delete=False) as part:
                part.write(message.as_bytes())
            os.replace(part.name, folder / f"{name}.eml")
        return len(email_messages)
