// The one script of every page. Nothing here is needed to read or to save: it only makes things nicer.
import { initAll } from './govuk-frontend.min.js'

// GOV.UK's own template sets these two classes in an inline script, which our content security policy forbids.
document.body.classList.add('js-enabled', 'govuk-frontend-supported')

initAll()

// A form that was changed and not saved asks before it is left. `data-warn-unsaved` on the form turns it on.
for (const form of document.querySelectorAll('form[data-warn-unsaved]')) {
  let changed = false
  form.addEventListener('input', () => { changed = true })
  form.addEventListener('submit', () => { changed = false })
  window.addEventListener('beforeunload', (event) => {
    if (changed) event.preventDefault()
  })
}

// `data-print` on a hidden button shows it and makes it print the page.
for (const button of document.querySelectorAll('button[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}

// `data-status` on a form says what the server is doing while its answer is awaited, in the form's [role=status].
for (const form of document.querySelectorAll('form[data-status]')) {
  const place = form.querySelector('[role="status"]')
  const said = document.createElement('p')
  said.className = 'govuk-body'
  form.addEventListener('submit', () => {
    said.textContent = form.dataset.status
    place.append(said)
  })
  // Whoever comes back to the page by the browser's button finds it as it was.
  window.addEventListener('pageshow', () => said.remove())
}
