<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Page;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Gateway\Transport;
use Aligate\Aliexpress\Saved;
use Aligate\Aliexpress\Signing\Signature;

/** Reads the settings' form into a connection, and says every fault at once. A secret never goes back to the page. */
final class SettingsForm
{
    /**
     * @param Connection $connection what the form says
     * @param array<string, string> $faults field => code of a phrase
     */
    private function __construct(public readonly Connection $connection, public readonly array $faults)
    {
    }

    /**
     * @param array<mixed> $posted
     * @param Connection|null $present whose secrets stay where the form gives none
     */
    public static function read(array $posted, int $id, ?Connection $present): self
    {
        $posted['id'] = $id;
        foreach (['use_discounts', 'sends_products', 'sends_stock', 'sends_prices', 'sends_orders', 'is_active'] as $flag) {
            $posted[$flag] = Saved::flag($posted, $flag, false);
        }
        foreach (['picture_properties', 'product_properties'] as $list) {
            $posted[$list] = array_values(Saved::texts($posted, $list));
        }
        $posted['secrets'] = self::secrets(Saved::text($posted, 'secret'), $present);
        $connection = Connection::fromArray($posted);

        return new self($connection, self::faults($connection));
    }

    /** @return list<string> the new secret signs, the one before still verifies, so that nothing is lost in between */
    private static function secrets(#[\SensitiveParameter] string $given, ?Connection $present): array
    {
        $known = $present?->secrets ?? [];
        if ($given === '' || $given === ($known[0] ?? null)) {
            return $known;
        }

        return array_slice([$given, ...$known], 0, 2);
    }

    /** @return array<string, string> */
    private static function faults(Connection $connection): array
    {
        $faults = [];
        if ($connection->name === '') {
            $faults['name'] = 'NAME_EMPTY';
        }
        if (preg_match('/\A[a-z0-9][a-z0-9_-]{0,63}\z/i', $connection->shopId) !== 1) {
            $faults['shop_id'] = 'SHOP_ID_INVALID';
        }
        if ($connection->iblockIds === []) {
            $faults['iblock_ids'] = 'IBLOCKS_EMPTY';
        }
        $signature = null;
        try {
            $signature = new Signature($connection->secrets);
        } catch (\InvalidArgumentException) {
            $faults['secret'] = $connection->secrets === [] ? 'SECRET_EMPTY' : 'SECRET_INVALID';
        }
        try {
            new Transport($connection->gatewayUrl, 'any', $signature ?? self::anySignature());
        } catch (\InvalidArgumentException) {
            $faults['gateway_url'] = 'URL_INVALID';
        }

        return $faults;
    }

    /** Only the URL is looked at with it. */
    private static function anySignature(): Signature
    {
        return new Signature(['whsec_' . base64_encode(str_repeat("\0", 32))]);
    }
}
