/* In the synthetic demo, while its clock runs fast: the page looks again by itself and changes only what has changed.
   Never under somebody's hands: what holds the focus or selected text is left as it is. */
(() => {
  "use strict";
  const sign = () => document.querySelector("[data-look-again]");
  const isInUse = (element) => {
    const selection = getSelection();
    return (
      (element !== document.activeElement && element.contains(document.activeElement)) ||
      (!selection.isCollapsed && selection.containsNode(element, true))
    );
  };

  // What was unfolded stays unfolded; forms carry a new token each time, which is no news.
  const asSeen = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("details[open]").forEach((one) => one.removeAttribute("open"));
    copy.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((one) => one.remove());
    if (copy.matches("details[open]")) copy.removeAttribute("open");
    return copy.outerHTML;
  };
  const allDetails = (element) => [element, ...element.querySelectorAll("details")].filter((one) => one.matches("details"));
  const replace = (old, fresh) => {
    // A message stays until the page is left: it was said once.
    if (old.id === "toasts" || asSeen(old) === asSeen(fresh) || isInUse(old)) return;
    const open = allDetails(old).map((one) => one.open);
    allDetails(fresh).forEach((one, n) => (one.open = open[n] ?? one.open));
    old.replaceWith(fresh);
    window.htmx?.process(fresh);
  };

  // Piece by piece where the pages are alike, else all of it.
  const renew = (old, fresh) => {
    const pieces = [...fresh.children];
    if (pieces.length !== old.children.length) {
      if (!isInUse(old)) old.replaceChildren(...pieces);
      return window.htmx?.process(old);
    }
    [...old.children].forEach((piece, n) => replace(piece, pieces[n]));
  };

  const look = async () => {
    if (document.hidden) return wait();
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "manual" });
      if (!answer.ok) return wait();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const name of [".banner", "main"]) {
        const [old, fresh] = [document.querySelector(name), page.querySelector(name)];
        if (old && fresh) renew(old, fresh);
      }
    } catch {
      // The server is away for a moment.
    }
    wait();
  };
  const wait = () => sign() && setTimeout(look, sign().dataset.lookAgain * 1000);
  wait();
})();
