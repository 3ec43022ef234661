// A YAML file that is imported becomes a JSON module at build time (scripts/build.mjs).
declare module '*.yaml' {
  const data: unknown;
  export default data;
}
