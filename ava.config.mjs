export default {
  extensions: { ts: 'module' },
  timeout: '10m',
  // Stripping types costs more than most tests take; the cache is shared by all files.
  environmentVariables: { NODE_COMPILE_CACHE: `${import.meta.dirname}/node_modules/.cache/compile` },
};
