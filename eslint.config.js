import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    files: ["widget/*.js"],
    languageOptions: { ecmaVersion: 2023, globals: globals.browser },
    rules: { eqeqeq: "error", "no-eval": "error", "prefer-const": "error", "no-var": "error" },
  },
];
