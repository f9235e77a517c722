import { describe, expect, test } from 'vitest'
import { runCaptured } from './captured-cli.ts'
import { laperm, makeDirectory } from './laperm-process.ts'

/** The words of a line, run in this process. */
const say = (line: string) => runCaptured(line.split(' ').filter((word) => word !== ''))

describe('wrong usage', () => {
  test.each([
    ['trian f2', /no command 'trian'. Did you mean 'train'/],
    ['f2', /'f2' is a model. To train it: laperm train f2/],
    ['train', /Which model\?.*laperm train f2/],
    ['train f3', /no model called 'f3'. Did you mean 'f1'/],
    ['train conv-7', /Did you mean 'conv7'/],
    ['train f2 f1', /more than it takes/],
    ['train f2 --sede 3', /no flag '--sede'. Did you mean '--seed'/],
    ['train f2 --seed', /'--seed <n>' needs a value/],
    ['train f2 --seed one', /--seed is 'one', but it must be a number in decimal notation/],
    ['train f2 --seed -1', /--seed is -1, but it must be an integer of at least 0/],
    ['train f2 --dataset minst', /no data set called 'minst'. Did you mean 'mnist'/],
    ['train f2 --dataset nothing-like-it', /no data set.*Known: digits, mnist, fashion-mnist, cifar10/],
    [
      'train f2 --dataset nosuchfolder',
      /own are named by their path, but nothing is at \/.*\/nosuchfolder\.$/m,
    ],
    ['train f2 --dataset=~/flowers', /There is no data set at .*~\/flowers\. A shell replaces ~ only at the/],
    ['train f2 --data-dir --seed=2', /The flag '--data-dir' needs a value/],
    ['train f2 --data-dir --seed 2', /The flag '--data-dir' needs a value, but '--seed' is the next flag\./],
    [
      'train f2 --seed --no-augment',
      /The flag '--seed' needs a value, but '--no-augment' is the next flag\./,
    ],
    ['runs --where --csv', /The flag '--where' needs a value, but '--csv' is the next flag\./],
    [
      'train f1 --dataset mnist --offline --data-dir=~/data',
      /There is no data directory at .*~\/data\. A shell replaces ~ only at the/,
    ],
    [
      'train f2 --dataset ./nosuchfolder',
      /There is no data set at \/.*\/nosuchfolder\. Data of your own are a folder/,
    ],
    ['train f2 --optimizer adamw', /no optimizer called 'adamw'. Did you mean 'adam'/],
    ['train f2 --inner-optimizer adm', /no inner optimizer called 'adm'. Did you mean 'adam'/],
    ['train f2 --init he-unifrom', /no initializer called 'he-unifrom'. Did you mean 'he-uniform'/],
    ['train f2 --init shared:x', /--init is 'x', but it must be a number/],
    ['train f2 --normalize unit-mean', /no normalization called.*Did you mean 'unit-minus-mean'/],
    ['train f2 --engine onxx', /no engine called 'onxx'. Did you mean 'onnx'/],
    [
      'train f2 --learning-rate-decay -1',
      /--learning-rate-decay is -1, but it must be a finite number above 0/,
    ],
    ['train f2 --lr 1', /no flag '--lr'. Did you mean '--learning-rate'/],
    ['train f2 --permute gamma', /--permute is 'gamma', but it must name roles that .* f2 have: kernel/],
    ['train f2 --resume runs/x --seed 2', /--resume takes no model/],
    ['train --resume runs/x --seed 2', /--resume takes no --seed/],
    ['train --resume runs/x --out y', /--resume takes no --out/],
    ['evaluate runs/x --engine onxx', /no engine called 'onxx'. Did you mean 'onnx'/],
    ['train f2 --permute kernels', /no role called 'kernels'. Did you mean 'kernel'/],
    ['train f2 --sync-period 0', /--sync-period is 0, but it must be an integer of at least 1/],
    ['train f2 --sync-period 2.5', /--sync-period is 2.5/],
    ['train f2 --engine torch', /no engine called 'torch'. Known: onnx, wasm, webgpu, node, cuda/],
    [
      'train f2 --sync-period 20,1000',
      /--sync-period is '1000', but it must be a period and the step it begins at/,
    ],
    ['train f2 --sync-period 20,10@1', /--sync-period is 1, but it must be an integer of at least 2/],
    ['train f2 --sparsity 1', /--sparsity is 1, but it must be a number of at least 0 and below 1/],
    ['train f2 --sparsity 0.5,0.5', /--sparsity is '0.5,0.5', but the model has 3 kernels/],
    ['train f2 --epochs 0', /--epochs is 0/],
    ['train f2 --epochs 1e400', /--epochs is Infinity/],
    ['train f2 --batch-size 0', /--batch-size is 0/],
    ['train f2 --limit 0', /--limit is 0/],
    ['train f2 --learning-rate 0', /--learning-rate is 0, but it must be a finite number above 0/],
    ['train f2 --threads 0', /--threads is 0/],
    [
      'train f2 --optimizer adam --sync-period 5',
      /--sync-period is '5', but an inner optimizer alone \('adam', 'sgd'\) takes none/,
    ],
    ['train f2 --slow-step-size 0.5', /--slow-step-size is 0.5, but 'laperm' takes none/],
    ['train f2 --optimizer lookahead --permute kernel', /--permute is 'kernel', but 'lookahead' takes none/],
    ['train f2 --augment', /--augment is true, but the recipe of f2 has none; say which, like rotation=10/],
    ['train f2 --augment rotate=10', /no augmentation called 'rotate'. Did you mean 'rotation'/],
    ['train f2 --checkpoint-seconds -1', /--checkpoint-seconds is -1, but it must be a number of at least 0/],
    ['train f2 --resume runs/x', /--resume takes no model/],
    ['evaluate', /'laperm evaluate' needs a <weights>/],
    ['verify --backend wsam', /no backend called 'wsam'. Did you mean 'wasm'/],
    ['verify --trials 0', /--trials is 0, but it must be an integer of at least 1/],
    ['verify --seed 1.5', /--seed is 1.5, but it must be an integer of at least 0/],
    ['verify --seed -1', /--seed is -1, but it must be an integer of at least 0/],
    ['evaluate runs/x --weights first', /no weights called 'first'. Known: best, last/],
  ])('laperm %s', async (line, message) => {
    const { code, out, err } = await say(line)
    expect(code).toBe(2)
    expect(err).toMatch(message)
    // Our words: one line, no stack trace, nothing of the parser's.
    expect(err.split('\n').length).toBe(1)
    expect(err).toMatch(/^laperm: /)
    expect(out).toBe('')
  })

  test('with --json the error is one JSON object on standard output', async () => {
    for (const line of ['train f2 --epochs 0 --json', 'train f2 --sede 1 --json', 'trian --json']) {
      const { code, out } = await say(line)
      expect(code).toBe(2)
      expect(JSON.parse(out).error).toMatchObject({
        exitCode: 2,
        message: expect.stringMatching(/epochs|sede|trian/),
      })
    }
  })

  test('the process says the same', async () => {
    const { code, stdout, stderr } = await laperm(['train', 'f2', '--sede', '3'], makeDirectory())
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toBe(
      "laperm: There is no flag '--sede'. Did you mean '--seed'? See 'laperm train --help'.\n",
    )
  })
})

describe('help', () => {
  test('teaches by examples', async () => {
    const { code, out, err } = await say('train --help')
    expect(code).toBe(0)
    expect(err).toBe('')
    expect(out).toMatch(/\$ laperm train conv7 --dataset mnist/)
    expect(out).toMatch(/comes from the model's recipe/)
    // The table of fields, group by group.
    expect(out).toMatch(/What to train on.*--dataset.*How to train.*--sync-period <k>.*Where and with what/s)
    expect(out).toMatch(/--no-augment +train on the images as they are/)
    expect(out).toMatch(/one number of threads/)
    expect(out).toMatch(/--engine <name> +onnx, wasm, webgpu, node, cuda \(default: onnx\)/)
  })

  test('is shown when no command is given, which is wrong usage', async () => {
    const { code, out } = await say('')
    expect(code).toBe(2)
    expect(out).toMatch(/Usage: laperm/)
    expect(out).toMatch(/LAPERM_DATA_DIR/)
  })

  test.each(['help', 'help train', 'train --help', '--help'])('laperm %s is no wrong usage', async (line) => {
    const { code, out } = await say(line)
    expect(code).toBe(0)
    expect(out).toMatch(/Usage: laperm/)
  })

  test('knows the version', async () => {
    expect(await say('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+$/) })
  })
})

describe('laperm list', () => {
  test('prints every model with its recipe', async () => {
    const { code, out } = await say('list')
    expect(code).toBe(0)
    expect(out).toMatch(/^conv7 +325,578 +mnist +50 +45 +20 /m)
    const { out: json } = await say('list --json')
    expect(JSON.parse(json).models.map(({ name }: { readonly name: string }) => name)).toContain('resnet50')
    expect(out).toMatch(/^engines\nonnx +ONNX Runtime/m)
    expect(JSON.parse(json).engines[0]).toMatchObject({ name: 'onnx', help: expect.stringMatching(/\w{3}/) })
  })
})

describe('laperm doctor', () => {
  test('finds the engine and the built-in data, and says for everything missing what to do', async () => {
    const directory = makeDirectory()
    const { code, stdout } = await laperm(['doctor', '--json'], directory)
    expect(code).toBe(0)
    const report = JSON.parse(stdout)
    expect(report.node).toBe(process.versions.node)
    expect(report.engines[0]).toMatchObject({
      name: 'onnx',
      available: true,
      detail: expect.stringMatching(/onnxruntime/),
    })
    expect(report.backends[0]).toMatchObject({ name: 'core', available: true })
    // Made, not only found: a browser's backend cannot be there in Node, though its package can.
    expect(report.backends[1]).toMatchObject({ name: 'wasm', available: true })
    expect(report.backends[2]).toMatchObject({ name: 'webgl', available: false })
    expect(report.datasets[0]).toMatchObject({ name: 'digits', available: true })
    expect(report.datasets.length).toBe(4)
    const findings = [...report.engines, ...report.backends, ...report.datasets, report.cache]
    for (const { available, remedy, name } of findings) if (!available) expect(remedy, name).toMatch(/\w{3}/)
    // It looks, and touches nothing.
    const again = await laperm(['doctor'], directory)
    expect(again.code).toBe(0)
    expect(again.stdout).toMatch(/no {3}mnist: .* was not found/)
    expect(again.stdout).toMatch(/will be made when it is needed/)
  })
})

describe('laperm verify', () => {
  test('proves what runs here, and says why the rest does not', async () => {
    const { code, stdout, stderr } = await laperm(['verify', '--trials', '2', '--json'], makeDirectory())
    expect(code, stderr).toBe(0)
    expect(stderr).toBe('')
    const { backends } = JSON.parse(stdout)
    expect(backends.map(({ name }: { readonly name: string }) => name)).toEqual([
      'core',
      'wasm',
      'wasm resident',
      'wasm tensors',
      'webgl',
      'webgpu',
      'webgpu tensors',
      'node',
      'node tensors',
      'cuda',
      'cuda tensors',
    ])
    for (const { name, passed, cases, device, reason } of backends)
      if (passed === null)
        expect(reason, name).toMatch(new RegExp(`^Backend ${name.split(' ')[0]} cannot run here: .{10}`))
      else {
        expect(passed, `${name}: ${reason}`).toBe(true)
        expect(device, name).toMatch(/\w{3}/)
        expect(cases, name).toBeGreaterThan(100)
      }
    expect(backends.slice(0, 5).map(({ passed }: { readonly passed: boolean | null }) => passed)).toEqual([
      true,
      true,
      true,
      true,
      null,
    ])
  })

  test('what is missing is said in words of the command line', async () => {
    const { stdout } = await laperm(['doctor'], makeDirectory())
    expect(stdout).toMatch(/no {3}webgl: /)
    expect(stdout).not.toMatch(/allowSoftware/)
  })

  test('a backend that is named must run', async () => {
    const { code, stdout } = await laperm(['verify', '--backend', 'webgl'], makeDirectory())
    expect(code).toBe(1)
    expect(stdout).toBe(
      '-  webgl: Backend webgl cannot run here: it needs a canvas, this is Node. Verify it on a page, or use webgpu here.\n',
    )
  })
})
