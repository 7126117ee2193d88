<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Page;

use Aligate\Aliexpress\Log\Level;
use Aligate\Aliexpress\Log\Line;
use Aligate\Aliexpress\Outbox\OutboxDepth;
use Aligate\Aliexpress\Outbox\ParkedRow;
use Bitrix\Main\Localization\Loc;

Loc::loadMessages(__FILE__);

/** What of a connection still lies in the shop: how much waits and for how long, what could not be sent, the last lines of the log. */
final class OutboxView
{
    /** Waiting longer than this is worth a colour. */
    private const LATE_SECS = 600;

    /**
     * @param list<ParkedRow> $parked
     * @param list<Line> $lines
     */
    public function __construct(
        private readonly OutboxDepth $depth,
        private readonly array $parked,
        private readonly array $lines,
    ) {
    }

    public function html(bool $canAct, string $sessid): string
    {
        return '<h2>' . self::say('IN_SHOP') . '</h2>' . $this->depthHtml() . $this->parkedHtml($canAct, $sessid) . $this->linesHtml();
    }

    private function depthHtml(): string
    {
        if ($this->depth->waiting === 0) {
            return '<p>' . self::say('NOTHING_WAITS') . '</p>';
        }
        $isLate = $this->depth->oldestSeconds > self::LATE_SECS;
        $text = self::say('WAITING', ['#COUNT#' => $this->depth->waiting, '#AGE#' => self::age($this->depth->oldestSeconds)]);

        return ($isLate ? '<p style="color:#c00">' : '<p>') . $text . '</p>';
    }

    private function parkedHtml(bool $canAct, string $sessid): string
    {
        if ($this->parked === []) {
            return '';
        }
        $rows = '';
        foreach ($this->parked as $one) {
            $kind = self::say('KIND_' . $one->row->kind->value);
            $rows .= '<tr><td>' . implode('</td><td>', [
                "$kind {$one->row->entityId}",
                Fields::escaped($one->code),
                Fields::escaped($one->detail),
                Fields::escaped("$one->createdAt UTC"),
            ]) . '</td></tr>';
        }
        $head = '<tr class="heading"><td>' . implode('</td><td>', [
            self::say('WHAT'), self::say('CODE'), self::say('WHY'), self::say('SINCE'),
        ]) . '</td></tr>';
        $button = $canAct
            ? '<form method="post">' . $sessid . '<input type="submit" name="redrive_parked" value="' . self::say('REDRIVE_PARKED') . '"></form>'
            : '';

        return '<h3>' . self::say('PARKED_ROWS', ['#COUNT#' => $this->depth->parked]) . '</h3>'
            . "<table class=\"internal\" style=\"width:100%\">$head$rows</table>$button";
    }

    private function linesHtml(): string
    {
        if ($this->lines === []) {
            return '';
        }
        $rows = '';
        foreach ($this->lines as $line) {
            $colour = $line->level === Level::Error ? ' style="color:#c00"' : '';
            $rows .= "<tr$colour><td>" . Fields::escaped("$line->at UTC") . '</td><td>' . Fields::escaped($line->code) . '</td><td>'
                . Fields::escaped($line->detail) . '</td></tr>';
        }

        return '<h3>' . self::say('LAST_LINES') . "</h3><table class=\"internal\" style=\"width:100%\">$rows</table>";
    }

    private static function age(int $seconds): string
    {
        return match (true) {
            $seconds < 120 => self::say('AGE_SECONDS', ['#N#' => $seconds]),
            $seconds < 7200 => self::say('AGE_MINUTES', ['#N#' => intdiv($seconds, 60)]),
            $seconds < 172800 => self::say('AGE_HOURS', ['#N#' => intdiv($seconds, 3600)]),
            default => self::say('AGE_DAYS', ['#N#' => intdiv($seconds, 86400)]),
        };
    }

    /** @param array<string, scalar> $values */
    private static function say(string $code, array $values = []): string
    {
        return Fields::escaped(Loc::getMessage("ALIGATE_ALIEXPRESS_$code", $values === [] ? null : $values));
    }
}
