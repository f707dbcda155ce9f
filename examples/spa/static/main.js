import start from "./spa.js";

start({ module_or_path: "/spa_bg.wasm" });
