<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

use Aligate\Aliexpress\Page\AdminPage;
use Bitrix\Main\Context;
use Bitrix\Main\DI\ServiceLocator;

/** Adds the module's tab to the card of a product in the admin section. */
final class ProductTabHandler
{
    private const PAGES = ['/bitrix/admin/iblock_element_edit.php', '/bitrix/admin/cat_product_edit.php'];

    public static function onTabControlBegin(mixed &$form): void
    {
        $request = Context::getCurrent()->getRequest();
        $element = (int)$request->get('ID');
        $isCard = $element > 0 && in_array((string)$request->getRequestedPage(), self::PAGES, true);
        if (!$isCard || !$form instanceof \CAdminTabControl) {
            return;
        }
        $tabs = &$form->tabs;
        Catching::run(static function () use (&$tabs, $element, $request): void {
            $tab = AdminPage::isAllowed()
                ? ServiceLocator::getInstance()->get('aligate.aliexpress.product_tab')->of($element, (int)$request->get('IBLOCK_ID'))
                : null;
            if ($tab !== null) {
                $tabs[] = $tab;
            }
        });
    }
}
