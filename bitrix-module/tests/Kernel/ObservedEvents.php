<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Kernel;

use Aligate\Aliexpress\Tests\FakeKernel\RowObject;
use PHPUnit\Framework\Assert;

/**
 * Events that a running kernel was seen to send, and how those of the fake are compared with them: the same, in the same order, with
 * arguments of the same names and kinds.
 *
 * Left out are kinds that the module never hears: hooks of single fields and collections, old names that `sale` repeats for
 * old modules, mails, the search, subscribers to goods, and tables of counters. Of arrays the keys are compared; where what
 * is inside depends on the defaults of an installation (rows of `sale`), only that it is an array.
 */
final class ObservedEvents
{
    private const LEFT_OUT = '/SetFields?$|^OnCollection|FinalAction|^OnAfterSetOption|^OnAfterAgentAdd|^OnBeforeEventAdd|SendEmail$|SendMail$|EMail$|^CurrencyFormat'
        . '|OrderChange|OrderDiscount|OrderPropsValue|OrderProps::|ReservationHistory|Fuser|OnCheckCollateDocuments|ShipmentItemEntityDeleted|PaymentEntityDeleted'
        . '|BuyerStatistic|ShipmentItemStore|^EventOn|Mail.Internal.Event|BasketItemEntityDeleted|onUserTypeEntityOrmMap|^OnBeforeOrderAccountNumberSet/';
    /** Of `sale` what `Bitrix\Main\Event` carries; old events of it are repetitions for old modules. */
    private const OLD_OF_SALE_LEFT_OUT = true;
    /** Arrays whose keys depend on the installation. */
    private const KEYS_UNKNOWN = ['VALUES', '#5', '#4'];

    /** @param list<array> $expected observed @param list<array> $recorded by `EventRecorder` */
    public static function compare(array $expected, array $recorded, string $what): void
    {
        $sent = array_values(array_filter(array_map(self::described(...), $recorded), self::isCompared(...)));
        Assert::assertSame(array_map(self::title(...), $expected), array_map(self::title(...), $sent), $what);
        foreach ($expected as $at => $event) {
            if ($event['args'] !== []) {
                Assert::assertSame(self::comparable($event, $event), self::comparable($sent[$at], $event), "$what: " . self::title($event) . " (event $at)");
            }
        }
    }

    /** @return list<array> */
    public static function observed(string $name): array
    {
        static $all = null;
        $all ??= json_decode((string)file_get_contents(dirname(__DIR__) . '/Fixtures/kernel/observed-events.json'), true, 32, JSON_THROW_ON_ERROR);
        return array_values(array_filter($all[$name] ?? throw new \LogicException("$name was not observed"), self::isCompared(...)));
    }

    private static function isCompared(array $event): bool
    {
        $isOldOfSale = self::OLD_OF_SALE_LEFT_OUT && $event['module'] === 'sale' && $event['style'] === 'old';
        return preg_match(self::LEFT_OUT, $event['name']) !== 1 && !$isOldOfSale && $event['module'] !== 'search' && $event['module'] !== 'conversion';
    }

    private static function title(array $event): string
    {
        return "{$event['module']}:{$event['name']}";
    }

    /** The event as the fixture says it: kinds of arguments instead of values. */
    private static function described(array $event): array
    {
        return ['args' => array_map(self::kind(...), $event['args'])] + $event;
    }

    private static function kind(mixed $value): mixed
    {
        return match (true) {
            is_array($value) => $value !== [] && !array_is_list($value) && is_string(array_key_first($value)) ? ['keys' => array_map('strval', array_keys($value))] : 'array',
            $value instanceof RowObject => 'EO',
            is_object($value) => $value::class,
            default => get_debug_type($value),
        };
    }

    private static function comparable(array $event, array $expected): array
    {
        $isOfSale = $event['module'] === 'sale';
        $compared = [];
        foreach ($event['args'] as $name => $kind) {
            if (is_array($kind)) {
                sort($kind['keys']);
            }
            if (is_string($kind) && str_contains($kind, '\\EO_')) {
                $kind = 'EO';
            }
            $isLoose = in_array($name, self::KEYS_UNKNOWN, true) || ($isOfSale && $name === 'fields') || ($name === '#1' && $event['name'] === 'OnIBlockElementUpdate') || str_ends_with($event['name'], 'CatalogImport1C')
                || ($name === '#0' && in_array($event['name'], ['OnAfterIBlockSectionDelete', 'OnAfterIBlockPropertyDelete'], true)) || !is_array($expected['args'][$name] ?? null);
            $compared[$name] = is_array($kind) && $isLoose ? 'array' : $kind;
        }
        return $compared;
    }
}
