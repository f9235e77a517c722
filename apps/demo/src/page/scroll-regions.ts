/** Tables that are wider than their place: these, and only these, take the keyboard's focus, so that arrow keys move them. */

/** Watch every `.scroll` of the page. */
export const watchScrollRegions = (): void => {
  const adapt = (region: HTMLElement): void => {
    const scrolls = region.scrollWidth > region.clientWidth
    if (scrolls === region.hasAttribute('tabindex')) return
    if (!scrolls) {
      for (const name of ['tabindex', 'role', 'aria-label']) region.removeAttribute(name)
      return
    }
    region.tabIndex = 0
    region.setAttribute('role', 'region')
    region.setAttribute('aria-label', region.dataset.label ?? 'Table')
  }
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const region = target.closest<HTMLElement>('.scroll')
      if (region !== null) adapt(region)
    }
  })
  for (const region of document.querySelectorAll<HTMLElement>('.scroll')) {
    observer.observe(region)
    // The table's width changes while its place keeps its own.
    for (const child of region.children) observer.observe(child)
  }
}
