<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Code;

use Aligate\Aliexpress\Tests\Ast\ModuleCode;
use PHPUnit\Framework\TestCase;

/**
 * Who may use whom in the module: edges are used by nobody, data and imports go one way.
 *
 * A new room, or a new way between two, is written here first.
 */
final class ImportsTest extends TestCase
{
    /** Called by the kernel, by its agents, over HTTP, from a console, by the page of modules. */
    private const EDGES = ['EventHandler', 'Agent', 'Console', 'Controller'];

    /** @var array<string, list<string>> room => rooms that it may use; files of `lib/` itself are of everybody */
    private const ALLOWED = [
        'Signing' => [],
        'Log' => [],
        'Outbox' => [],
        'Gateway' => ['Signing'],
        'Reading' => [],
        'Mapping' => ['Gateway', 'Outbox', 'Reading'],
        'Export' => ['Outbox'],
        'Sending' => ['Outbox', 'Gateway', 'Reading', 'Export', 'Log'],
        'Sweep' => ['Outbox', 'Reading', 'Sending'],
        'Order' => ['Log', 'Outbox', 'Sending'],
        'Inbound' => ['Log', 'Order', 'Sending', 'Signing'],
        'Notice' => ['Gateway', 'Outbox', 'Page', 'Sending'],
        'Page' => ['Gateway', 'Log', 'Outbox', 'Sending', 'Signing'],
        'Installation' => ['Agent', 'Outbox', 'Sending'],
        'EventHandler' => ['Log', 'Outbox', 'Page'],
        'Agent' => ['Log', 'Sending', 'Sweep'],
        'Console' => ['Agent', 'Sending'],
        'Controller' => ['Export', 'Gateway', 'Inbound', 'Mapping'],
    ];

    /** @return iterable<string, array{string, string, string}> room, room that it uses, where */
    private static function uses(): iterable
    {
        $prefix = 'Aligate\\Aliexpress\\';
        foreach (ModuleCode::ofModule()->classNames() as $path => [$name, $node]) {
            if (!str_starts_with($path, 'lib/') || !str_starts_with($name, $prefix)) {
                continue;
            }
            $from = explode('/', $path);
            $to = explode('\\', substr($name, strlen($prefix)));
            if (count($from) > 2 && count($to) > 1) {
                yield "$path:{$node->getStartLine()}" => [$from[1], $to[0], $path];
            }
        }
    }

    /** @test */
    public function aRoomUsesOnlyWhatItMay(): void
    {
        $rooms = array_combine(array_map('strtolower', array_keys(self::ALLOWED)), array_keys(self::ALLOWED));
        $faults = [];
        foreach (self::uses() as $where => [$from, $to]) {
            $room = $rooms[$from] ?? null;
            if ($room === null) {
                $faults[] = "$where: the room $from is not in the table";
            } elseif ($room !== $to && !in_array($to, self::ALLOWED[$room], true)) {
                $faults[] = "$where: $room uses $to";
            }
        }
        self::assertSame([], array_values(array_unique($faults)));
    }

    /** @test */
    public function nobodyUsesAnEdgeSaveInstallationAndTheConsole(): void
    {
        $faults = [];
        foreach (self::uses() as $where => [$from, $to]) {
            $mayUse = $to === 'Agent' && in_array($from, ['installation', 'console'], true);
            if (in_array($to, self::EDGES, true) && strtolower($to) !== $from && !$mayUse) {
                $faults[] = "$where: uses the edge $to";
            }
        }
        self::assertSame([], $faults);
    }

    /** @test */
    public function onlyEdgesAndThePagesAskTheServiceLocator(): void
    {
        $faults = [];
        foreach (ModuleCode::ofModule()->classNames() as $path => [$name]) {
            $room = str_starts_with($path, 'lib/') ? explode('/', $path)[1] : 'page';
            if ($name === 'Bitrix\Main\DI\ServiceLocator' && !in_array($room, ['eventhandler', 'agent', 'console', 'controller', 'page', 'notice', 'installation'], true)) {
                $faults[] = $path;
            }
        }
        self::assertSame([], array_values(array_unique($faults)));
    }

    /** @test */
    public function includePhpIsAnOpeningTagAndNothingElse(): void
    {
        self::assertSame("<?php\n", file_get_contents(ModuleCode::ofModule()->folder . '/include.php'));
    }
}
