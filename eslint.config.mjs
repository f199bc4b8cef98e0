import js from '@eslint/js'
import importX from 'eslint-plugin-import-x'
import tseslint from 'typescript-eslint'

/** What only the edge may touch: main, production, runtime/, what opens files and S3 of storage/, what reads bytes in source/, and template/hash. */
const effects = ['Date', 'Math', 'process', 'fetch']
const edge = [
  'src/main.ts',
  'src/production.ts',
  'src/runtime/**',
  'src/storage/local.ts',
  'src/storage/s3.ts',
  'src/storage/s3-access.ts',
  'src/storage/s3-credentials.ts',
  'src/source/content.ts',
  'src/source/bytes.ts',
  'src/source/digest.ts',
  'src/source/encoding.ts',
  'src/source/inflater.ts',
  'src/source/signature.ts',
  'src/source/splitter.ts',
  'src/source/zstd.ts',
  'src/template/hash.ts',
]

/** A room and the rooms it may not import from: the layer rule in the linter's words. spec/architecture.spec.ts holds all of it. */
const zones = [
  { target: './src/protocol', from: './src', except: ['./protocol', './failure.ts', './explain.ts', './json.ts'] },
  { target: './src/template', from: './src', except: ['./template', './failure.ts', './explain.ts', './json.ts'] },
  { target: './src/rows', from: './src', except: ['./rows', './template', './setting.ts'] },
  {
    target: './src/storage',
    from: './src',
    except: ['./storage', './capabilities.ts', './failure.ts', './storage-failure.ts', './unreachable.ts'],
  },
  { target: './src/destination/platforms', from: './src/protocol' },
  { target: './src/destination/delivery', from: './src/destination/platforms' },
  { target: './src', from: './emulator' },
  { target: './emulator', from: './src' },
]

export default tseslint.config(
  { ignores: ['build/', 'node_modules/', '.venv/', 'coverage/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { project: './tsconfig.test.json', tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.js', '.json'] } } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-expressions': 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'exit', message: 'Set exitCode: exiting after a write cuts it off.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
        {
          selector: 'Identifier[name="PathReporter"]',
          message: 'It prints the value: a token or an e-mail. Use explain.',
        },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: edge,
    rules: {
      'no-restricted-globals': ['error', ...effects.filter((name) => name !== 'Date' && name !== 'Math')],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The clock is a capability.' },
        { object: 'Math', property: 'random', message: 'Chance is a capability.' },
        { object: 'process', property: 'exit', message: 'Set exitCode: exiting after a write cuts it off.' },
      ],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: { require: 'readonly', module: 'readonly', process: 'readonly', __dirname: 'readonly' },
    },
  },
)
