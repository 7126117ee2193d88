<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Outbox;

use Aligate\Aliexpress\Outbox\Cause;
use PHPUnit\Framework\TestCase;

final class CauseTest extends TestCase
{
    /** @test */
    public function theMoreUrgentOfTwoCausesHoldsInEitherOrder(): void
    {
        foreach (Cause::cases() as $place => $cause) {
            foreach (array_slice(Cause::cases(), $place) as $lessUrgent) {
                self::assertSame($cause, $cause->orUrgent($lessUrgent));
                self::assertSame($cause, $lessUrgent->orUrgent($cause));
            }
        }
    }

    /** @test */
    public function theTextsAreThoseOfTheContract(): void
    {
        $texts = array_map(static fn (Cause $cause): string => $cause->value, Cause::cases());
        self::assertSame(['order', 'edit', 'exchange', 'sweep', 'export'], $texts);
    }
}
