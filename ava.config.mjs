export default {
  extensions: { ts: 'module' },
  timeout: '10m',
  workerThreads: false,
};
