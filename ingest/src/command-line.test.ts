import { describe, expect, test } from 'vitest';
import { commandIn, commandNames, readCommand, usage } from './command-line.ts';
import { version } from './version.ts';

describe('the program’s arguments', () => {
  test.each([
    [[], 'start'],
    [['--check'], 'check'],
    [['--confirm-clock'], 'confirm-clock'],
    [['--version'], 'version'],
    [['--help', '--check'], 'help'],
  ] as const)('%j: %s', (args, command) => {
    expect(readCommand(args)).toBe(command);
  });

  test.each([['--hepl'], ['-x'], ['--check=yes'], ['strat']])('%s is refused with the usage', (argument) => {
    expect(() => readCommand([argument])).toThrow(usage);
    expect(() => readCommand([argument])).not.toThrow(/To specify a positional/);
  });

  test('a command is the first argument only', () => {
    expect(commandIn(['doctor', '--json'])).toBe('doctor');
    expect(commandIn(['--check', 'doctor'])).toBeNull();
    expect(commandIn([])).toBeNull();
  });

  test('the usage lists every command', () => {
    for (const name of commandNames) expect(usage).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  test('the version is that of the package', () => expect(version).toMatch(/^\d+\.\d+\.\d+/));
});
