// A file dropped on the form is put into its file field, which works without this as well.
for (const form of document.querySelectorAll("form[data-drop]")) {
  const field = form.querySelector("input[type=file]");
  const over = (event) => {
    if (event.dataTransfer?.types.includes("Files")) {
      event.preventDefault();
      form.classList.add("is-dropped-on");
    }
  };
  form.addEventListener("dragenter", over);
  form.addEventListener("dragover", over);
  form.addEventListener("dragleave", () => form.classList.remove("is-dropped-on"));
  form.addEventListener("drop", (event) => {
    form.classList.remove("is-dropped-on");
    if (event.dataTransfer?.files.length) {
      event.preventDefault();
      field.files = event.dataTransfer.files;
      form.requestSubmit();
    }
  });
}
