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

// `data-check-again` on a part with an id asks the server every so many seconds how that part reads now, until it has no
// such word any more. Without this script a link on the page does the same.
for (const place of document.querySelectorAll('[data-check-again]')) {
  const pause = Number(place.dataset.checkAgain) * 1000
  const check = async () => {
    const answer = await fetch(window.location.href)
    if (!answer.ok || answer.redirected) return
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const now = page.getElementById(place.id)
    if (!now) return
    if (now.dataset.checkAgain) window.setTimeout(check, pause)
    else place.replaceChildren(...now.childNodes)
  }
  window.setTimeout(check, pause)
}

// A chart with `data-points` says the period and the figure of a point: of the nearest one to a pointer, and of the one
// the arrow keys have reached. Without this script its words and its table say the same.
for (const chart of document.querySelectorAll('svg[data-points]')) {
  const points = [...chart.querySelectorAll('[data-point]')]
  const readout = chart.closest('figure')?.querySelector('[data-readout]')
  if (!points.length || !readout) continue
  const middle = (point) => {
    const { left, width } = point.querySelector('circle').getBoundingClientRect()
    return left + width / 2
  }
  points.sort((one, other) => middle(one) - middle(other))
  const hint = readout.textContent
  let chosen = points.length - 1
  const mark = (place) => {
    for (const point of points) point.classList.remove('app-dot--chosen')
    const point = points[place]
    if (point) point.classList.add('app-dot--chosen')
    readout.textContent = point ? point.dataset.point : hint
    readout.classList.toggle('app-chart__readout--said', Boolean(point))
  }
  const focusOn = (place) => {
    points[chosen].tabIndex = -1
    chosen = Math.max(0, Math.min(points.length - 1, place))
    points[chosen].tabIndex = 0
    points[chosen].focus()
  }
  // What can be reached inside a picture would be hidden by its role: from here on it is a group of them.
  chart.setAttribute('role', 'group')
  points.forEach((point, place) => {
    point.setAttribute('role', 'img')
    point.setAttribute('aria-label', point.dataset.point)
    point.setAttribute('tabindex', place === chosen ? '0' : '-1')
    point.querySelector('title').remove()
    point.addEventListener('focus', () => mark(place))
    point.addEventListener('blur', () => mark(-1))
  })
  chart.addEventListener('keydown', (event) => {
    const place = { ArrowLeft: chosen - 1, ArrowRight: chosen + 1, Home: 0, End: points.length - 1 }[event.key]
    if (place === undefined) return
    event.preventDefault()
    focusOn(place)
  })
  chart.addEventListener('pointermove', (event) => {
    const distances = points.map((point) => Math.abs(middle(point) - event.clientX))
    mark(distances.indexOf(Math.min(...distances)))
  })
  chart.addEventListener('pointerleave', () => mark(points.indexOf(document.activeElement)))
  readout.hidden = false
}
