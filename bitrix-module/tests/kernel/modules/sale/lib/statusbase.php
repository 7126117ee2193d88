<?php

namespace Bitrix\Sale;

use Bitrix\Sale\Internals\StatusLangTable;
use Bitrix\Sale\Internals\StatusTable;

/** Statuses of one kind, by their sort. */
abstract class StatusBase
{
    public const TYPE = '';

    public static function getAllStatuses()
    {
        $ids = array_column(StatusTable::getList(['select' => ['ID'], 'filter' => ['=TYPE' => static::TYPE], 'order' => ['SORT' => 'ASC']])->fetchAll(), 'ID');
        return array_combine($ids, $ids);
    }

    public static function getAllStatusesNames($lang = null)
    {
        $names = array_column(StatusLangTable::getList(['filter' => ['=LID' => $lang ?? LANGUAGE_ID]])->fetchAll(), 'NAME', 'STATUS_ID');
        return array_map(static fn (string $id): string => $names[$id] ?? $id, static::getAllStatuses());
    }
}
