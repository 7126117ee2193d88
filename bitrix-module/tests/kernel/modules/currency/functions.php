<?php

/** A price as the shop shows it; a handler of `CurrencyFormat` may say it otherwise. */
function CurrencyFormat($price, $currency)
{
    foreach (GetModuleEvents('currency', 'CurrencyFormat', true) as $handler) {
        $text = ExecuteModuleEventEx($handler, [$price, $currency]);
        if ((string)$text !== '') {
            return $text;
        }
    }
    return CCurrencyLang::CurrencyFormat($price, $currency);
}
