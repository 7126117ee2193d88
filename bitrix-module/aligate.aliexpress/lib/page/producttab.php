<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Page;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Sending\SentRepository;
use Bitrix\Main\Loader;
use Bitrix\Main\Localization\Loc;
use Bitrix\Main\Page\Asset;

Loc::loadMessages(__FILE__);

/** The tab of a product's card: what the gateway and AliExpress know of its SKUs, asked when the card is open. */
final class ProductTab
{
    /** SKUs that are traced; a product with more shows the first. */
    private const SKUS_MAX = 20;

    public function __construct(private readonly SentRepository $sent, private readonly ModuleOptions $options)
    {
    }

    /**
     * The tab as the card's form takes it; null where no connection has the infoblock.
     *
     * @return array<string, string>|null
     */
    public function of(int $elementId, int $iblockId): ?array
    {
        $html = '';
        foreach ($this->options->activeConnections() as $connection) {
            if ($this->covers($connection, $iblockId)) {
                $html .= $this->html($connection, $elementId);
            }
        }
        if ($html === '') {
            return null;
        }
        Asset::getInstance()->addJs('/bitrix/js/aligate.aliexpress/admin.js');

        return [
            'DIV' => 'aligate_aliexpress',
            'TAB' => 'AliExpress',
            'ICON' => 'iblock_element',
            'TITLE' => (string)Loc::getMessage('ALIGATE_ALIEXPRESS_PRODUCT_TAB'),
            'CONTENT' => "<tr><td colspan=\"2\">$html</td></tr>",
        ];
    }

    private function covers(Connection $connection, int $iblockId): bool
    {
        if (in_array($iblockId, $connection->iblockIds, true)) {
            return true;
        }
        $family = Loader::includeModule('catalog') ? \CCatalogSku::GetInfoByOfferIBlock($iblockId) : false;

        return is_array($family) && in_array((int)$family['PRODUCT_IBLOCK_ID'], $connection->iblockIds, true);
    }

    private function html(Connection $connection, int $elementId): string
    {
        $heading = '<h2>' . Fields::escaped($connection->name) . '</h2>';
        $skus = $this->skus($connection->id, $elementId);
        if ($skus === []) {
            return $heading . '<p>' . Fields::escaped(Loc::getMessage('ALIGATE_ALIEXPRESS_NEVER_SENT')) . '</p>';
        }

        return $heading . AdminPage::place('trace', ['connection' => $connection->id, 'skus' => $skus], [
            'LOADING', 'NOT_OFFERED', 'AWAY', 'TRACE_NONE', 'LANE', 'PLACE', 'STATE', 'CONFIRMED', 'REASON', 'LANE_STOCK',
            'LANE_PRICE', 'LANE_PRODUCT', 'PLACE_IDLE', 'PLACE_DUE', 'PLACE_LEASED', 'PLACE_AWAITING', 'PLACE_PARKED',
            'PLACE_HELD', 'PLACE_DEAD',
        ]);
    }

    /** @return list<string> what was sent of the element, or of the product's offers */
    private function skus(int $connectionId, int $elementId): array
    {
        $skus = [];
        foreach ($this->sent->of($connectionId, [$elementId], [$elementId]) as $row) {
            $skus[$row->sku] = $row->sku;
        }

        return array_slice(array_values($skus), 0, self::SKUS_MAX);
    }
}
