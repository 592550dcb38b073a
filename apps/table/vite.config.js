/** @type {import('vite').UserConfig} */
export default {
  // Addresses relative to the page, so that the built folder works under any path.
  base: './',
  // Workers that are modules, as the page's own script is.
  worker: { format: 'es' },
};
