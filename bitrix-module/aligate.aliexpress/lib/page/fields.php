<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Page;

use Bitrix\Main\Localization\Loc;

/** Rows of a two-column form of the admin section: label with its explanation, control, fault. All text is escaped. */
final class Fields
{
    /** @param array<string, string> $faults field => text */
    public function __construct(private readonly array $faults)
    {
    }

    public function heading(string $text): string
    {
        return '<tr class="heading"><td colspan="2">' . self::escaped($text) . '</td></tr>';
    }

    public function text(string $name, string $label, string $value, string $hint = '', string $type = 'text'): string
    {
        $control = sprintf(
            '<input type="%s" name="%s" value="%s" size="50" maxlength="500" autocomplete="off">',
            $type,
            self::escaped($name),
            self::escaped($value),
        );

        return $this->row($name, $label, $control, $hint);
    }

    public function checkbox(string $name, string $label, bool $isSet, string $hint = ''): string
    {
        $control = sprintf(
            '<input type="checkbox" name="%s" value="Y"%s>',
            self::escaped($name),
            $isSet ? ' checked' : '',
        );

        return $this->row($name, $label, $control, $hint);
    }

    /**
     * @param array<array-key, string> $choices value => label
     * @param array-key|'' $value
     */
    public function select(string $name, string $label, array $choices, int|string $value, string $hint = ''): string
    {
        return $this->row($name, $label, self::options($name, $choices, [(string)$value], false), $hint);
    }

    /**
     * @param array<array-key, string> $choices value => label
     * @param list<array-key> $values
     */
    public function multiple(string $name, string $label, array $choices, array $values, string $hint = ''): string
    {
        $values = array_map(strval(...), $values);
        if ($choices === []) {
            return $this->row($name, $label, self::escaped(Loc::getMessage('ALIGATE_ALIEXPRESS_NOTHING_TO_CHOOSE')), $hint);
        }

        return $this->row($name, $label, self::options("{$name}[]", $choices, $values, true), $hint);
    }

    /** A row with a control made elsewhere; the control is HTML already. */
    public function row(string $name, string $label, string $control, string $hint = ''): string
    {
        $fault = isset($this->faults[$name])
            ? '<div class="adm-info-message-red" style="color:#c00">' . self::escaped($this->faults[$name]) . '</div>'
            : '';
        $hint = $hint === '' ? '' : '<div style="color:#777;max-width:520px">' . self::escaped($hint) . '</div>';

        return '<tr><td width="40%" style="vertical-align:top"><label>' . self::escaped($label) . ':</label></td>'
            . "<td width=\"60%\">$control$hint$fault</td></tr>";
    }

    public static function escaped(?string $text): string
    {
        return htmlspecialchars((string)$text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    }

    /**
     * @param array<array-key, string> $choices
     * @param list<string> $values
     */
    private static function options(string $name, array $choices, array $values, bool $isMultiple): string
    {
        $html = '<select name="' . self::escaped($name) . '"';
        $html .= $isMultiple ? ' multiple size="' . max(3, min(8, count($choices))) . '">' : '>';
        foreach ($choices as $value => $label) {
            $html .= sprintf(
                '<option value="%s"%s>%s</option>',
                self::escaped((string)$value),
                in_array((string)$value, $values, true) ? ' selected' : '',
                self::escaped($label),
            );
        }

        return "$html</select>";
    }
}
