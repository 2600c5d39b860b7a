"use strict";
// Everything works without this file: it draws the charts, follows the slider and opens answers beside the matrix.

async function drawAll(root) {
  const places = [...root.querySelectorAll(".drawing[data-library]")];
  if (!places.length) return;
  if (!window.vegaEmbed) {
    await new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = places[0].dataset.library;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  }
  for (const place of places) {
    const holder = place.querySelector("script");
    const spec = JSON.parse(holder.textContent);
    const target = document.createElement("div");
    place.append(target);
    // `ast` runs expressions without eval: the page allows none.
    await window.vegaEmbed(target, spec, { ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: false });
    target.querySelector("svg")?.setAttribute("aria-hidden", "true"); // the figure says it in words
    holder.remove();
  }
}

function followSlider(form) {
  const slide = form.querySelector("input[type=range]");
  if (!slide) return;
  const date = form.elements[slide.dataset.for];
  const first = Date.parse(slide.dataset.first + "T00:00:00Z");
  slide.addEventListener("input", () => {
    date.value = new Date(first + slide.valueAsNumber * 86400000).toISOString().slice(0, 10);
    slide.setAttribute("aria-valuetext", date.value);
  });
  slide.addEventListener("change", () => form.requestSubmit());
  date.addEventListener("change", () => date.value && form.requestSubmit());
}

function openBeside(link, dialog) {
  link.addEventListener("click", async (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    try {
      const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const part = page.querySelector("[data-part=card]") || page.querySelector("main");
      const body = dialog.querySelector(".body");
      const whole = document.createElement("a");
      whole.href = link.href;
      whole.textContent = page.title;
      body.replaceChildren(part, whole);
      dialog.showModal();
    } catch {
      location.href = link.href;
    }
  });
}

document.addEventListener("DOMContentLoaded", () => {
  drawAll(document).catch((error) => console.error(error));
  document.querySelectorAll("form[data-follow]").forEach(followSlider);
  const dialog = document.querySelector("#detail");
  if (dialog) document.querySelectorAll("a[data-dialog]").forEach((link) => openBeside(link, dialog));
});

// A week of alerts: a post is put on top, an edit takes its place, a reply stands under it.
function playWeek(form) {
  const place = document.querySelector("#week");
  let stream = null;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (stream) stream.close();
    place.replaceChildren();
    form.removeAttribute("data-done");
    const posts = new Map();
    stream = new EventSource(form.dataset.week + "?" + new URLSearchParams(new FormData(form)));
    stream.onmessage = (message) => {
      const told = JSON.parse(message.data);
      const card = new DOMParser().parseFromString(told.html, "text/html").body.firstElementChild;
      const box = document.createElement("div");
      box.append(card);
      if (told.op === "edit" && posts.has(told.message)) {
        posts.get(told.message).firstElementChild.replaceWith(card);
      } else if (told.op === "reply" && posts.has(told.message)) {
        box.className = "reply";
        posts.get(told.message).append(box);
      } else {
        posts.set(told.message, box);
        place.prepend(box);
      }
    };
    stream.addEventListener("end", () => {
      stream.close();
      form.dataset.done = "";
    });
    stream.onerror = () => stream.close();
  });
}

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-week]").forEach(playWeek));
