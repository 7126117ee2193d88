<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Order;

/** An order of AliExpress as the gateway tells it, whole each time. */
final class OrderData
{
    private const LINES_MAX = 1000;
    private const COMMENT_CHARACTERS_MAX = 2000;

    /**
     * @param string $id AliExpress's order id, digits
     * @param string $status one of AliExpress's
     * @param string $hold why it must not be shipped now; '': it may
     * @param string $total with delivery, a decimal text
     * @param list<Line> $lines
     */
    private function __construct(
        public readonly string $id,
        public readonly string $status,
        public readonly string $hold,
        public readonly bool $isPaid,
        public readonly ?\DateTimeImmutable $createdAt,
        public readonly ?\DateTimeImmutable $shipBefore,
        public readonly string $currency,
        public readonly string $total,
        public readonly string $comment,
        public readonly Buyer $buyer,
        public readonly array $lines,
    ) {
    }

    /**
     * @param array<mixed> $data
     * @throws OrderInvalid names the field
     */
    public static function fromArray(array $data): self
    {
        $comment = is_string($data['comment'] ?? null) ? mb_scrub($data['comment'], 'UTF-8') : '';

        return new self(
            self::matching($data, 'aliexpress_order_id', '/\A[0-9]{1,20}\z/', 'order_id_invalid'),
            self::matching($data, 'status', '/\A[A-Z_]{1,40}\z/', 'status_invalid'),
            isset($data['hold']) ? self::matching($data, 'hold', '/\A[A-Za-z_]{1,40}\z/', 'hold_invalid') : '',
            ($data['paid'] ?? false) === true,
            self::time($data, 'created_at'),
            self::time($data, 'ship_before'),
            self::matching($data, 'currency', '/\A[A-Z]{3}\z/', 'currency_invalid'),
            self::matching($data, 'total', '/\A[0-9]{1,12}(\.[0-9]{1,4})?\z/', 'total_invalid'),
            mb_substr($comment, 0, self::COMMENT_CHARACTERS_MAX, 'UTF-8'),
            Buyer::fromArray(is_array($data['buyer'] ?? null) ? $data['buyer'] : []),
            self::lines($data['lines'] ?? null),
        );
    }

    /** What the lines that stand cost together. */
    public function goods(): float
    {
        $goods = 0.0;
        foreach ($this->lines as $line) {
            $goods += $line->isCancelled ? 0.0 : (float)$line->price * $line->quantity;
        }

        return $goods;
    }

    /** What delivery costs: what is left of the total. */
    public function delivery(): float
    {
        return max(0.0, round((float)$this->total - $this->goods(), 2));
    }

    /** @return list<Line> */
    private static function lines(mixed $lines): array
    {
        if (!is_array($lines) || $lines === [] || count($lines) > self::LINES_MAX) {
            throw new OrderInvalid('lines_invalid', 'lines is not a list of 1 to ' . self::LINES_MAX . ' lines');
        }
        $read = [];
        foreach ($lines as $at => $line) {
            $line = is_array($line) ? $line : [];
            $quantity = $line['quantity'] ?? null;
            if (!is_int($quantity) || $quantity < 1 || $quantity > 999999) {
                throw new OrderInvalid('quantity_invalid', "the quantity of line $at is not a whole number from 1 to 999999");
            }
            $id = self::matching($line, 'line_id', '/\A[\x21-\x7E]{1,40}\z/', 'line_id_invalid');
            if (isset($read[$id])) {
                throw new OrderInvalid('line_id_invalid', "the line id $id stands twice");
            }
            $read[$id] = new Line(
                $id,
                self::text($line, 'sku', 100),
                self::text($line, 'name', 255),
                $quantity,
                self::matching($line, 'price', '/\A[0-9]{1,12}(\.[0-9]{1,4})?\z/', 'price_invalid'),
                ($line['cancelled'] ?? false) === true,
            );
        }

        return array_values($read);
    }

    /** @param array<mixed> $data */
    private static function text(array $data, string $name, int $max): string
    {
        $value = $data[$name] ?? '';

        return is_scalar($value) ? mb_substr(trim(mb_scrub((string)$value, 'UTF-8')), 0, $max, 'UTF-8') : '';
    }

    /** @param array<mixed> $data */
    private static function matching(array $data, string $name, string $pattern, string $code): string
    {
        $value = $data[$name] ?? null;
        if (!is_string($value) || preg_match($pattern, $value) !== 1) {
            throw new OrderInvalid($code, "$name is missing or not of its form");
        }

        return $value;
    }

    /** @param array<mixed> $data */
    private static function time(array $data, string $name): ?\DateTimeImmutable
    {
        $value = $data[$name] ?? null;
        if (!is_string($value)) {
            return null;
        }
        try {
            return new \DateTimeImmutable($value);
        } catch (\Exception) {
            throw new OrderInvalid("{$name}_invalid", "$name is not an RFC 3339 time");
        }
    }
}
