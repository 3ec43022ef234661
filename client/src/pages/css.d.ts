// The bundler puts a style sheet that a page imports beside the page's script.
declare module '*.css';
