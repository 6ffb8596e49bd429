// Passkeys on plain pages. A form with data-passkey ("get" or "create") asks the server at
// data-begin for a challenge, hands it to the browser, and sends what the authenticator said in the
// field "credential". Such forms are hidden until it is known that the browser can do it.
"use strict";

(() => {
  if (!window.PublicKeyCredential) return;

  const reveal = () => {
    for (const form of document.querySelectorAll("[data-passkey][hidden]")) form.hidden = false;
  };
  reveal();
  // Pages of the dashboard are drawn after this script ran.
  new MutationObserver(reveal).observe(document.documentElement, { childList: true, subtree: true });

  const bytes = (text) => {
    const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  };

  const text = (buffer) => {
    const characters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte));
    return btoa(characters.join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };

  const withIds = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

  const decoded = (options) => ({
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    ...(options.excludeCredentials && { excludeCredentials: withIds(options.excludeCredentials) }),
    ...(options.allowCredentials && { allowCredentials: withIds(options.allowCredentials) }),
  });

  const encoded = (credential) => {
    const response = { clientDataJSON: text(credential.response.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    if (credential.response.getTransports) {
      response.transports = credential.response.getTransports();
    }
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      extensions: credential.getClientExtensionResults(),
      response,
    };
  };

  const say = (form, problem) => {
    const place = form.querySelector("[data-problem]");
    if (!place) return;
    place.textContent = problem;
    place.hidden = !problem;
  };

  const inWords = (error) => {
    switch (error.name) {
      case "InvalidStateError":
        return "This device already has a passkey of your account.";
      case "SecurityError":
        return "The browser does not allow passkeys at this address.";
      case "NotAllowedError":
        return "No passkey was used. Try again, or go on another way.";
      default:
        return error.message;
    }
  };

  const challenge = async (form) => {
    const answer = await fetch(form.dataset.begin, {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
    });
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(body.message ?? "The server did not answer. Try again.");
    return decoded(body.publicKey);
  };

  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      const kind = form.dataset?.passkey;
      if (!kind) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = event.submitter;
      if (button) button.disabled = true;
      say(form, "");
      try {
        const publicKey = await challenge(form);
        const credential =
          kind === "create"
            ? await navigator.credentials.create({ publicKey })
            : await navigator.credentials.get({ publicKey });
        form.elements.credential.value = JSON.stringify(encoded(credential));
        form.submit();
      } catch (error) {
        say(form, inWords(error));
        if (button) button.disabled = false;
      }
    },
    true,
  );
})();
