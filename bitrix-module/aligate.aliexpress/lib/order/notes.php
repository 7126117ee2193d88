<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

use Bitrix\Main\Error;
use Bitrix\Main\Result;
use Bitrix\Sale\Result as SaleResult;

/** Collects what went wrong without stopping an order: faults of its parts hide among the warnings of `sale`. */
final class Notes
{
    private const DETAIL_CHARACTERS_MAX = 500;

    /** @var array<string, string> */
    private array $notes = [];

    public function add(string $code, string $detail): void
    {
        $known = isset($this->notes[$code]) ? "{$this->notes[$code]}; " : '';
        $this->notes[$code] = mb_substr($known . $detail, 0, self::DETAIL_CHARACTERS_MAX, 'UTF-8');
    }

    /** Takes the faults and warnings of a step; whether it succeeded. */
    public function take(string $code, Result $result): bool
    {
        $faults = array_map(static fn (Error $error): string => $error->getMessage(), $result->getErrors());
        if ($result instanceof SaleResult) {
            array_push($faults, ...array_values(array_map(strval(...), $result->getWarningMessages())));
        }
        $faults = array_unique(array_filter($faults, 'strlen'));
        if ($faults !== []) {
            $this->add($code, implode('; ', $faults));
        }

        return $result->isSuccess();
    }

    /** @return array<string, string> */
    public function all(): array
    {
        return $this->notes;
    }
}
