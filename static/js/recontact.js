/* What makes pages better where scripts run; every page works without this file. */
(() => {
  "use strict";
  const each = (root, selector, act) => {
    if (root.matches?.(selector)) act(root);
    root.querySelectorAll(selector).forEach(act);
  };

  // A page brought back from memory may show what is no longer true, or no longer for these eyes.
  addEventListener("pageshow", (event) => event.persisted && location.reload());

  // <div data-countdown="60"> is emptied when its seconds are over or the page is left; [data-left] shows them.
  const counting = new WeakSet();
  const countdown = (element) => {
    if (counting.has(element)) return;
    counting.add(element);
    const end = Date.now() + element.dataset.countdown * 1000;
    const clear = () => {
      clearInterval(timer);
      element.replaceChildren(element.dataset.after || "");
    };
    const look = () => {
      const left = Math.ceil((end - Date.now()) / 1000);
      if (left <= 0) return clear();
      each(element, "[data-left]", (place) => (place.textContent = left));
    };
    const timer = setInterval(look, 500);
    addEventListener("pagehide", clear);
    document.addEventListener("visibilitychange", look);
    look();
  };
  const begin = (root) => each(root, "[data-countdown]", countdown);
  begin(document);
  document.addEventListener("htmx:load", (event) => begin(event.target));

  // Unsafe: the screen is empty before anything is sent; then it is sent for as long as it takes.
  const unsafe = (form, submitter) => {
    const body = new URLSearchParams(new FormData(form, submitter));
    const action = form.getAttribute("action"); // a field may be called "action" too
    const neutral = form.dataset.unsafe || "/";
    document.body.replaceChildren();
    document.title = "\u00a0";
    const send = () =>
      fetch(action, { method: "POST", body, keepalive: true, redirect: "manual" }).then(
        (answer) => (answer.status >= 500 ? setTimeout(send, 3000) : location.replace(neutral)),
        () => setTimeout(send, 3000),
      );
    send();
  };

  // The same form is not sent twice while the first answer is on its way.
  const sent = new WeakSet();
  const release = (form) => {
    sent.delete(form);
    each(form, ".is-sending", (button) => button.classList.remove("is-sending"));
  };
  addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if ("unsafe" in form.dataset) {
      event.preventDefault();
      return unsafe(form, submitter);
    }
    if (form.getAttribute("method") !== "post") return;
    if (sent.has(form)) {
      event.preventDefault();
      return event.stopImmediatePropagation();
    }
    sent.add(form);
    submitter?.classList.add("is-sending");
    setTimeout(release, 20000, form);
  }, true);
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) release(form);
  });

  // What a fragment has to say is brought into view.
  document.addEventListener("htmx:oobAfterSwap", () =>
    document.getElementById("toasts")?.scrollIntoView({ block: "nearest" }));

  // Escape closes an open menu; so does a tap elsewhere.
  const close = (event) => each(document, ".bar-menu[open]", (menu) => {
    if (event.key === "Escape" || !menu.contains(event.target)) menu.open = false;
  });
  addEventListener("click", close);
  addEventListener("keydown", (event) => event.key === "Escape" && close(event));
})();
