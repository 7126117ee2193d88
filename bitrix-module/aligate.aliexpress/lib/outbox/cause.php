<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

/** Why an entity changed: the event's `cause`. The gateway lets orders overtake exports. */
enum Cause: string
{
    case Order = 'order';
    case Edit = 'edit';
    case Exchange = 'exchange';
    case Sweep = 'sweep';
    case Export = 'export';

    /** The more urgent of two causes of one entity: a person or a buyer before bulk work. */
    public function orUrgent(self $other): self
    {
        $order = self::cases();

        return array_search($this, $order, true) <= array_search($other, $order, true) ? $this : $other;
    }
}
