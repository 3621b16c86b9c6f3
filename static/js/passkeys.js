/* Passkeys: asks the browser for one and sends its answer in the form. Needs mfa/js/webauthn-json.js before it. */
(() => {
  "use strict";
  const json = window.webauthnJSON;
  if (!json || !window.PublicKeyCredential) return;

  const options = async (form) => {
    if (form.dataset.passkeyOptions) return JSON.parse(form.dataset.passkeyOptions);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no options");
    return answer.json();
  };
  const ask = async (form) => {
    const asked = await options(form);
    return form.dataset.passkey === "add" ? json.create(asked) : json.get(asked);
  };

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const credential = form.querySelector("[data-passkey-answer], [name=credential]");
    const refused = form.querySelector("[data-passkey-refused]");
    form.hidden = false;
    form.querySelector("[data-passkey-ask]").addEventListener("click", async () => {
      refused.hidden = true;
      try {
        credential.value = JSON.stringify(await ask(form));
        form.submit();
      } catch {
        refused.hidden = false;
      }
    });
  });
})();
