import { defineConfig } from "vite";

// The collector that the development server passes requests on to.
const collector = "http://127.0.0.1:8080";

export default defineConfig({
  build: {
    target: "es2022",
    // Nothing is inlined as data: the page's content security policy allows fonts and pictures from 'self' only.
    assetsInlineLimit: 0,
    // The polyfill is an inline script, which the policy forbids; every browser that runs the wall preloads modules itself.
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  server: {
    proxy: {
      "/hubs": { target: collector, ws: true },
      "/live": { target: collector, ws: true },
      "/api": { target: collector },
    },
  },
});
