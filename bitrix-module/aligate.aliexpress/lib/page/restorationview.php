<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Page;

use Bitrix\Main\Localization\Loc;

Loc::loadMessages(__FILE__);

/** Says that the shop was restored from a backup, what waits because of it, and lets a person decide. */
final class RestorationView
{
    /** @param int|null $noticedAt unix seconds; null: it was not restored, or somebody has confirmed it */
    public static function html(int $connectionId, ?int $noticedAt, bool $canAct, string $sessid): string
    {
        if ($noticedAt === null) {
            return '';
        }
        $export = 'aligate_aliexpress_export.php?lang=' . LANGUAGE_ID . "&connection=$connectionId";
        $form = '<form method="post">' . $sessid
            . '<a href="' . Fields::escaped($export) . '">' . self::say('EXPORT') . '</a> '
            . '<input type="submit" name="confirm_restored" value="' . self::say('CONFIRM') . '"></form>';

        return '<div class="adm-info-message"><p><b>' . self::say('TITLE') . '</b> '
            . gmdate('Y-m-d H:i', $noticedAt) . ' UTC</p><p>' . self::say('TEXT') . '</p>' . ($canAct ? $form : '') . '</div>';
    }

    private static function say(string $code): string
    {
        return Fields::escaped(Loc::getMessage("ALIGATE_ALIEXPRESS_RESTORED_$code"));
    }
}
