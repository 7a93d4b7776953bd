/** Tests run the TypeScript sources as ES modules; `npm run test:long` sets LONG for those that take minutes. */
export default {
  testEnvironment: 'node',
  testMatch: [process.env.LONG ? '<rootDir>/tests/**/*.long.ts' : '<rootDir>/tests/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  // Processes take their time to start on a busy machine.
  testTimeout: 30_000,
  maxWorkers: 2,
};
