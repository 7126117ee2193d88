<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Page;

use Aligate\Aliexpress\Log\Level;
use Aligate\Aliexpress\Log\Line;
use Bitrix\Main\Localization\Loc;

Loc::loadMessages(__FILE__);

/** A page of the log as a table. */
final class LogView
{
    public const LINES = 100;

    /** @param list<Line> $lines */
    public function __construct(
        private readonly array $lines,
        private readonly ?Level $level,
        private readonly string $url,
    ) {
    }

    public function html(): string
    {
        $html = '<p>' . implode(' | ', $this->filters()) . '</p>';
        if ($this->lines === []) {
            return $html . '<p>' . Fields::escaped(Loc::getMessage('ALIGATE_ALIEXPRESS_LOG_EMPTY')) . '</p>';
        }
        $html .= '<table class="internal" style="width:100%"><tr class="heading">';
        foreach (['AT', 'LEVEL', 'CODE', 'DETAIL'] as $column) {
            $html .= '<td>' . Fields::escaped(Loc::getMessage("ALIGATE_ALIEXPRESS_LOG_$column")) . '</td>';
        }
        $html .= '</tr>';
        foreach ($this->lines as $line) {
            $colour = $line->level === Level::Error ? ' style="color:#c00"' : '';
            $html .= "<tr$colour><td style=\"white-space:nowrap\">" . implode('</td><td>', [
                Fields::escaped("$line->at UTC"),
                Fields::escaped(self::levelName($line->level)),
                Fields::escaped($line->code),
                Fields::escaped($line->detail),
            ]) . '</td></tr>';
        }

        return "$html</table>" . $this->olderLink();
    }

    /** @return list<string> */
    private function filters(): array
    {
        $all = Fields::escaped(Loc::getMessage('ALIGATE_ALIEXPRESS_LOG_ALL'));
        $filters = [$this->level === null ? "<b>$all</b>" : '<a href="' . Fields::escaped($this->url) . "\">$all</a>"];
        foreach (Level::cases() as $level) {
            $name = Fields::escaped(self::levelName($level));
            $url = Fields::escaped("$this->url&level={$level->value}");
            $filters[] = $level === $this->level ? "<b>$name</b>" : "<a href=\"$url\">$name</a>";
        }

        return $filters;
    }

    private function olderLink(): string
    {
        if (count($this->lines) < self::LINES) {
            return '';
        }
        $oldest = $this->lines[array_key_last($this->lines)]->id;
        $level = $this->level === null ? '' : "&level={$this->level->value}";
        $text = Fields::escaped(Loc::getMessage('ALIGATE_ALIEXPRESS_LOG_OLDER'));

        return '<p><a href="' . Fields::escaped("$this->url$level&before=$oldest") . "\">$text</a></p>";
    }

    private static function levelName(Level $level): string
    {
        return (string)Loc::getMessage('ALIGATE_ALIEXPRESS_LOG_LEVEL_' . strtoupper($level->value));
    }
}
