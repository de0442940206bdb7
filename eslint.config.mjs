import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const socketModules = ['net', 'http', 'https', 'http2', 'tls', 'dgram'];
const named = (names, message) =>
  names.flatMap((name) => [
    { name, message },
    { name: `node:${name}`, message },
  ]);
// The whole table of layers, cycles and reachability is held by test/support/borders; these three give
// the same answer while typing. Import names are unambiguous here, relative paths would not be.
const vscodeBorder = [{ name: 'vscode', message: 'only src/vscode and src/extension.ts speak to VS Code' }];
const processBorder = named(['child_process'], 'only src/platform/process starts processes');
const socketBorder = named(socketModules, 'only platform, gateway and protocol open sockets');

export default defineConfig(
  globalIgnores(['dist/', 'out/', '.vscode-test/', 'test/fixtures/programs/', 'test/fixtures/workspaces/', '**/*.mjs']),
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-console': 'off',
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true, IIFEs: true }],
      complexity: ['error', 15],
      'max-depth': ['error', 4],
      'max-params': ['error', 6],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
        {
          selector: 'TSInterfaceDeclaration[id.name=/^I[A-Z][a-z]/]',
          message: 'An interface is named after what it is, without a prefix.',
        },
        { selector: 'Program > VariableDeclaration[kind="let"]', message: 'No module-level mutable state.' },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/explicit-function-return-type': ['error', { allowExpressions: true }],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/strict-boolean-expressions': ['error', { allowNullableBoolean: true }],
      // Numbers in messages are what messages are for.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `() => emitter.fire()` as a listener says what it does.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowEmpty: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-imports': ['error', { paths: [...vscodeBorder, ...processBorder, ...socketBorder] }],
    },
  },
  {
    files: ['src/vscode/**/*.ts', 'src/extension.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [...processBorder, ...socketBorder] }] },
  },
  {
    files: ['src/platform/**/*.ts', 'src/gateway/**/*.ts', 'src/protocol/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [...vscodeBorder, ...processBorder] }] },
  },
  {
    files: ['src/platform/process/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: vscodeBorder }] },
  },
  {
    // A describe block is a list of tests, not a function to follow.
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-unsafe-type-assertion': 'off' },
  },
);
