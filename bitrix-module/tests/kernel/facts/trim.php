<?php

declare(strict_types=1);

// Cuts the facts of the kernel to what the fake kernel and the module name, for the fixtures of the tests:
//   php tests/kernel/facts/trim.php <api.json> <observed-events.json>
// Run it when a test says that a name is not in the fixture. What is not in the facts is not in the fixture either.

use Aligate\Aliexpress\Tests\Ast\FakeFacts;
use Aligate\Aliexpress\Tests\Ast\ModuleCode;
use PhpParser\Node;

ini_set('memory_limit', '2G');
foreach (['ModuleCode', 'FakeFacts', 'KernelFacts'] as $class) {
    require dirname(__DIR__, 2) . "/ast/$class.php";
}
if ($argc !== 3) {
    fwrite(STDERR, "usage: php trim.php <api.json> <observed-events.json>\n");
    exit(2);
}
$api = json_decode((string)file_get_contents($argv[1]), true, 64, JSON_THROW_ON_ERROR);
$fake = new FakeFacts();
$module = ModuleCode::ofModule();

$names = array_flip(array_map('strtolower', $fake->classes()));
$methods = array_flip($fake->code->declaredMethods());
foreach ($module->classNames() as [$name]) {
    $names[strtolower($name)] = true;
}
foreach ($module->nodes(Node\Expr\MethodCall::class, Node\Expr\NullsafeMethodCall::class, Node\Expr\StaticCall::class) as $call) {
    $call->name instanceof Node\Identifier && $methods[$call->name->toLowerString()] = true;
}
foreach ($module->nodes(Node\Scalar\String_::class) as $string) {
    preg_match('/^\w+$/', $string->value) === 1 && $methods[strtolower($string->value)] = true;
}
foreach ($module->nodes(Node\Stmt\ClassMethod::class) as $method) {
    $methods[$method->name->toLowerString()] = true;
}

$classes = [];
foreach ($api['aliases'] as $alias => $name) {
    isset($names[strtolower($alias)]) && $names[strtolower($name)] = true;
}
foreach ($api['classes'] as $name => $facts) {
    if (!isset($names[strtolower($name)])) {
        continue;
    }
    $kept = [];
    foreach ($facts['methods'] ?? [] as $method => $of) {
        if (isset($methods[strtolower($method)]) || $method === '__construct') {
            $kept[$method] = array_intersect_key($of, array_flip(['static', 'params', 'required', 'by_ref', 'variadic', 'absent_in', 'visibility', 'abstract', 'func_get_args']));
        }
    }
    $classes[$name] = array_filter(
        ['kind' => $facts['kind'], 'extends' => $facts['extends'] ?? null, 'absent_in' => $facts['absent_in'] ?? null,
        'constants' => array_filter($facts['constants'] ?? [], is_string(...)), 'constant_names' => array_keys($facts['constants'] ?? []),
        'properties' => array_keys($facts['properties'] ?? []), 'orm_table' => $facts['orm_table'] ?? null, 'orm_fields' => array_keys($facts['orm_fields'] ?? [])],
        static fn ($value): bool => $value !== null && $value !== []
    ) + ['methods' => $kept];
}

$functions = array_flip(array_merge($fake->code->declaredFunctions()));
foreach ($module->nodes(Node\Expr\FuncCall::class) as $call) {
    $call->name instanceof Node\Name && $functions[strtolower($call->name->getLast())] = true;
}
$constants = [];
foreach ($module->nodes(Node\Expr\ConstFetch::class) as $fetch) {
    $constants[$fetch->name->getLast()] = true;
}
$tables = [];
foreach ([$module, $fake->code] as $code) {
    foreach ($code->nodes(Node\Scalar\String_::class, Node\Scalar\EncapsedStringPart::class) as $string) {
        preg_match_all('/\bb_[a-z0-9_]+\b/', $string->value, $found);
        $tables += array_flip($found[0]);
    }
}
foreach ((array)glob(dirname(__DIR__) . '/modules/*/install.sql') as $file) {
    preg_match_all('/^CREATE TABLE IF NOT EXISTS (\w+)/m', (string)file_get_contents($file), $found);
    $tables += array_flip($found[1]);
}

$facts = [
    'classes' => $classes,
    'aliases' => array_filter($api['aliases'], static fn (string $name): bool => isset($classes[$name])),
    'functions' => array_values(array_map(
        static fn (array $one): array => array_intersect_key($one, array_flip(['name', 'params', 'required', 'by_ref', 'variadic', 'absent_in'])),
        array_filter($api['functions'], static fn (array $one): bool => isset($functions[strtolower($one['name'])]))
    )),
    'constants' => array_values(array_filter(array_keys($api['constants']), static fn (string $name): bool => isset($constants[$name]))),
    'tables' => array_intersect_key($api['tables'], $tables),
    'events' => array_map(static fn (array $one): array => array_intersect_key($one, array_flip(['module', 'name', 'style', 'params', 'by_ref', 'cancelable', 'absent_in'])), $api['events']),
    'orm' => ['stages' => array_keys($api['orm_events']['events']), 'parameters' => $api['orm_events']['events'],
        'tables' => array_filter($api['orm_events']['tables'], static fn (array $table): bool => in_array($table['module'], ['main', 'iblock', 'catalog', 'sale', 'currency'], true))],
];
$folder = dirname(__DIR__, 2) . '/Fixtures/kernel';
is_dir($folder) || mkdir($folder, 0755, true);
$flags = JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR;
file_put_contents("$folder/api.json", json_encode($facts, $flags) . "\n");

// Observed scenarios: of each the events with the names and kinds of their arguments; what they held is not needed.
$kind = static function (mixed $argument) use (&$kind): mixed {
    if (!is_array($argument)) {
        return explode(' ', (string)$argument)[0];
    }
    $keys = array_keys($argument['keys'] ?? []);
    return ($argument['type'] ?? '') === 'array' && $keys !== [] && !is_int($keys[0]) ? ['keys' => array_map('strval', $keys)] : ($argument['type'] ?? '');
};
$observed = json_decode((string)file_get_contents($argv[2]), true, 64, JSON_THROW_ON_ERROR);
$rows = $observed['rows'] ?? $observed['scenarios'] ?? $observed;
$wanted = array_flip(array_merge(...array_values(require dirname(__DIR__, 2) . '/Kernel/observed-scenarios.php')));
$scenarios = [];
foreach ($rows as $row) {
    $variant = $row['variant'] ?? '';
    // Requests of an exchange with 1C all have one path: they are known by what they do.
    $isExchange = str_starts_with($row['change'], 'commerceml ');
    $key = ($isExchange ? $row['change'] : $row['path'] ?? '') . (str_contains($variant, 'store_control') ? ' | store control' : '');
    if (!isset($wanted[$key]) || isset($scenarios[$key]) || !($isExchange || ($variant === '' || str_contains($variant, 'default)')) || str_contains($variant, 'store_control'))) {
        continue;
    }
    foreach ($row['events'] as $event) {
        $arguments = [];
        foreach ($event['args'] ?? [] as $argument) {
            $arguments[$argument['name']] = isset($argument['keys']) ? $kind($argument) : ($argument['type'] ?? '');
        }
        $scenarios[$key][] = ['module' => $event['module'], 'name' => $event['name'], 'style' => $event['style'], 'args' => $arguments];
    }
    $scenarios[$key] ??= [];
}
foreach (array_diff_key($wanted, $scenarios) as $missing => $_) {
    fwrite(STDERR, "not observed: $missing\n");
}
file_put_contents("$folder/observed-events.json", json_encode($scenarios, $flags) . "\n");
printf("%d classes, %d scenarios\n", count($classes), count($scenarios));
