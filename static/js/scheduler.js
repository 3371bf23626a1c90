// Shows only the fields that the chosen place and the chosen window need. Without scripts all are there, with hints.
const form = document.querySelector("[data-scheduler]");

const show = () => {
  const place = form.elements.place.value.split(":")[0];
  for (const box of form.querySelectorAll("[data-place-detail]"))
    box.hidden = !box.dataset.placeDetail.split(" ").includes(place) && !box.querySelector(".errorlist, [aria-invalid]");
  for (const box of form.querySelectorAll("[data-window]")) box.hidden = box.dataset.window !== form.elements.window.value;
};

form.addEventListener("change", show);
show();
