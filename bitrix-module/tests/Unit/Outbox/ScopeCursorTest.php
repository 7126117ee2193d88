<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Outbox;

use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Outbox\OutboxRow;
use Aligate\Aliexpress\Outbox\ScopeCursor;
use PHPUnit\Framework\TestCase;

final class ScopeCursorTest extends TestCase
{
    /** @test */
    public function itComesBackFromItsTextAsItWas(): void
    {
        $rows = [
            new OutboxRow(11, 1, Kind::Section, 3, Cause::Exchange, false),
            new OutboxRow(12, 1, Kind::Section, 3, Cause::Edit, true),
        ];
        $cursor = ScopeCursor::begin($rows, 'digest')->after(500);
        self::assertSame([11, 12], $cursor->rowIds);
        self::assertSame(Cause::Edit, $cursor->cause, 'the more urgent cause');
        self::assertTrue($cursor->isForced, 'one forced row forces');
        self::assertEquals($cursor, ScopeCursor::fromText($cursor->toText()));
    }

    /** @test */
    public function aTextThatIsNoCursorIsNone(): void
    {
        foreach (['', '[]', 'x', '{"kind":"?","rows":[1]}', '{"kind":"C"}'] as $text) {
            self::assertNull(ScopeCursor::fromText($text), $text);
        }
    }
}
