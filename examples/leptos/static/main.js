import start from "./leptos.js";

start({ module_or_path: "/leptos_bg.wasm" });
