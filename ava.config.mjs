export default {
  extensions: { ts: 'module' },
  timeout: '10m',
  workerThreads: false,
  // Stripping types costs each file's process more than most tests take; the cache is shared by all of them.
  environmentVariables: { NODE_COMPILE_CACHE: `${import.meta.dirname}/node_modules/.cache/compile` },
};
