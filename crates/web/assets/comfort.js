// Comfort only: every page works without it. Sends files in pieces that survive a lost line, asks for passkeys, and puts
// the focus where an error is.
"use strict";
(() => {
  document.documentElement.classList.add("script");
  const summary = document.getElementById("summary");
  if (summary) summary.focus();

  // Passkeys: the server's question stands in the form; the browser's answer goes back in it.
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function create(options) {
    const publicKey = { ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: named(options.excludeCredentials) };
    const made = await navigator.credentials.create({ publicKey });
    const { attestationObject, clientDataJSON } = made.response;
    return { id: made.id, rawId: text(made.rawId), type: made.type, extensions: made.getClientExtensionResults(),
      response: { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON) } };
  }

  async function get(options) {
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
    const got = await navigator.credentials.get({ publicKey });
    const { authenticatorData, clientDataJSON, signature, userHandle } = got.response;
    return { id: got.id, rawId: text(got.rawId), type: got.type, extensions: got.getClientExtensionResults(),
      response: { authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON), signature: text(signature), userHandle: userHandle ? text(userHandle) : null } };
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const message = form.querySelector("[data-message]");
      message.hidden = true;
      try {
        const answer = await (form.dataset.passkey === "create" ? create : get)(JSON.parse(form.dataset.options));
        form.elements.answer.value = JSON.stringify(answer);
        form.submit();
      } catch {
        message.textContent = form.dataset.failed;
        message.hidden = false;
      }
    });
  }

  // Dropping files on a page's file field.
  for (const drop of document.querySelectorAll(".drop")) {
    const input = drop.querySelector("input[type=file]");
    const over = (on) => (event) => { event.preventDefault(); drop.classList.toggle("over", on); };
    drop.addEventListener("dragover", over(true));
    drop.addEventListener("dragleave", over(false));
    drop.addEventListener("drop", (event) => {
      over(false)(event);
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  // Taking material in: each file in pieces. A lost line costs one piece; the rest goes on by itself.
  const form = document.getElementById("add-form");
  if (form && window.fetch && Blob.prototype.slice) {
    const PIECE_BYTES = 512 * 1024;
    const WAIT_SECONDS_MAX = 30;
    const words = form.dataset;
    const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
    const ask = (method, path, body) => fetch(path, { method, body, redirect: "manual", headers: { "mahzar-token": words.token } });
    const said = async (response) => ({ status: response.status, ...(await response.json()) });

    async function steadily(item, once) {
      for (let wait = 1; ; wait = Math.min(2 * wait, WAIT_SECONDS_MAX)) {
        try {
          return await once();
        } catch {
          item.say(words.again);
          await pause(wait);
        }
      }
    }

    async function send(file, circle, item) {
      const begun = await said(await ask("POST", "/uploads", JSON.stringify({ circle, name: file.name })));
      const path = `/uploads/${begun.id}`;
      let at = 0;
      while (at < file.size) {
        item.say(words.sending);
        const answer = await steadily(item, async () => said(await ask("PATCH", `${path}?at=${at}`, file.slice(at, at + PIECE_BYTES))));
        if (answer.status !== 200 && answer.status !== 409) break;
        at = answer.received;
        item.progress.value = at;
      }
      return steadily(item, async () => said(await ask("POST", `${path}/end?circle=${circle}`)));
    }

    function line(list, file) {
      const entry = document.createElement("li");
      const name = document.createElement("bdi");
      const state = document.createElement("span");
      const progress = document.createElement("progress");
      name.textContent = file.name;
      progress.max = Math.max(file.size, 1);
      progress.value = 0;
      progress.setAttribute("aria-label", file.name);
      entry.append(name, " – ", state, progress);
      list.append(entry);
      return { progress, say: (what) => { state.textContent = what; }, link: (address) => {
        const anchor = document.createElement("a");
        anchor.href = address;
        anchor.textContent = words.see;
        state.after(" ", anchor);
      } };
    }

    form.addEventListener("submit", async (event) => {
      const files = [...form.elements.files.files];
      if (files.length === 0) return;
      event.preventDefault();
      const section = document.getElementById("add-progress");
      const list = section.querySelector("ol");
      const circle = form.elements.circle.value;
      section.hidden = false;
      form.hidden = true;
      for (const file of files) {
        const item = line(list, file);
        try {
          const end = await send(file, circle, item);
          item.progress.value = item.progress.max;
          item.say(end.text);
          if (end.link) item.link(end.link);
        } catch {
          item.say(words.failed);
        }
      }
      const next = document.createElement("p");
      const anchor = document.createElement("a");
      anchor.className = "button";
      anchor.href = `/items?circle=${circle}`;
      anchor.textContent = words.list;
      next.append(anchor);
      section.append(next);
      anchor.focus();
    });
  }
})();
