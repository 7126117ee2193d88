<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway;

/** Reads the gateway's JSON into readonly objects. Unknown fields are ignored; another type is never guessed at. */
final class AnswerReader
{
    /** Nesting beyond this is not read. */
    private const DEPTH_MAX = 16;

    /**
     * The body of a 202.
     *
     * @throws \UnexpectedValueException where it is not one; says what is wrong
     */
    public static function result(string $body): DeliveryResult
    {
        $answer = self::decode($body) ?? throw new \UnexpectedValueException('it is not a JSON object');
        $stale = array_map(
            static fn (array $one): StaleEvent => new StaleEvent(
                self::count($one, 'index'),
                self::count($one, 'version'),
            ),
            self::objects($answer, 'stale'),
        );

        return new DeliveryResult(
            self::count($answer, 'enqueued'),
            self::count($answer, 'coalesced'),
            self::count($answer, 'unchanged'),
            self::count($answer, 'parked'),
            self::flag($answer, 'duplicate'),
            self::text($answer, 'store'),
            $stale,
            self::rejected($answer),
        );
    }

    /** The body of any other answer: a problem after RFC 9457, or nothing where it is none (a proxy's page). */
    public static function problem(string $body): ?Problem
    {
        $answer = self::decode($body) ?? [];
        try {
            $rejected = isset($answer['rejected']) ? self::rejected($answer) : [];

            $faults = isset($answer['faults']) ? self::faults($answer) : [];

            return new Problem(self::text($answer, 'code'), self::text($answer, 'detail'), $rejected, $faults);
        } catch (\UnexpectedValueException) {
            return null;
        }
    }

    /** @return array<array-key, mixed>|null */
    private static function decode(string $body): ?array
    {
        $decoded = json_decode($body, true, self::DEPTH_MAX);

        return is_array($decoded) ? $decoded : null;
    }

    /**
     * @param array<array-key, mixed> $answer
     * @return list<RejectedEvent>
     */
    private static function rejected(array $answer): array
    {
        return array_map(
            static fn (array $one): RejectedEvent => new RejectedEvent(
                self::count($one, 'index'),
                self::text($one, 'code'),
                self::text($one, 'detail'),
            ),
            self::objects($answer, 'rejected'),
        );
    }

    /**
     * @param array<array-key, mixed> $answer
     * @return list<MappingFault>
     */
    private static function faults(array $answer): array
    {
        return array_map(
            static fn (array $one): MappingFault => new MappingFault(
                self::text($one, 'path'),
                self::text($one, 'code'),
                self::text($one, 'ru'),
                self::text($one, 'en'),
            ),
            self::objects($answer, 'faults'),
        );
    }

    /**
     * @param array<array-key, mixed> $from
     * @return list<array<array-key, mixed>>
     */
    private static function objects(array $from, string $key): array
    {
        $value = $from[$key] ?? null;
        if (!is_array($value) || !array_is_list($value) || array_filter($value, 'is_array') !== $value) {
            throw new \UnexpectedValueException("`$key` is not a list of objects");
        }

        return $value;
    }

    /** @param array<array-key, mixed> $from */
    private static function count(array $from, string $key): int
    {
        $value = $from[$key] ?? null;
        if (!is_int($value) || $value < 0) {
            throw new \UnexpectedValueException("`$key` is not a whole number");
        }

        return $value;
    }

    /** @param array<array-key, mixed> $from */
    private static function flag(array $from, string $key): bool
    {
        $value = $from[$key] ?? null;

        return is_bool($value) ? $value : throw new \UnexpectedValueException("`$key` is not true or false");
    }

    /** @param array<array-key, mixed> $from */
    private static function text(array $from, string $key): string
    {
        $value = $from[$key] ?? null;

        return is_string($value) ? $value : throw new \UnexpectedValueException("`$key` is not a text");
    }
}
