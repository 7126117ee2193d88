<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway;

use Aligate\Aliexpress\Gateway\Exception\Recoverable;
use Aligate\Aliexpress\Gateway\Exception\Unrecoverable;

/**
 * What the module's pages ask of the gateway about their own shop.
 *
 * Each request is signed by itself: `<METHOD> <path?query>\n<body>`, with an id that is taken once. Answers are the
 * gateway's JSON objects as arrays; `GET /openapi.json` of the gateway describes them. A gateway that does not know a
 * call yet answers 404: {@see Unrecoverable} with that status.
 */
final class ShopApi
{
    /** Nesting beyond this is not read. */
    private const DEPTH_MAX = 64;

    /** Mappings and schemas with long lists of values are larger than other answers. */
    private const ANSWER_BYTES_MAX = 33554432;

    /** A check looks at every product, and may read schemas first. */
    private const CHECK_TIMEOUT_MS = 120000;

    public function __construct(private readonly Transport $transport)
    {
    }

    /** Lanes, listings, token, limits, and which capabilities the gateway has. */
    public function status(): array
    {
        return $this->ask('GET', '/status');
    }

    /** A page of dead letters, oldest first; `next` is the cursor of the next page. */
    public function deadLetters(?string $lane = null, ?string $cursor = null, int $limit = 50): array
    {
        return $this->ask('GET', '/dead-letters', ['lane' => $lane, 'cursor' => $cursor, 'limit' => $limit]);
    }

    /**
     * Puts dead letters back with their newest states.
     *
     * @param list<string> $keys none: all of them
     */
    public function redrive(array $keys = [], ?string $lane = null): array
    {
        return $this->ask('POST', '/dead-letters/redrive', [], self::selection($keys, $lane));
    }

    /**
     * Drops dead letters.
     *
     * @param list<string> $keys none: all of them
     */
    public function discard(array $keys = [], ?string $lane = null): array
    {
        return $this->ask('POST', '/dead-letters/discard', [], self::selection($keys, $lane));
    }

    /** Makes kept states due again; a dry run only says how many, and in how many requests. `since` is RFC 3339. */
    public function replay(?string $lane, ?string $since, bool $isDryRun): array
    {
        $filter = array_filter(['lane' => $lane, 'since' => $since], static fn ($value): bool => $value !== null);

        return $this->ask('POST', '/replay', [], $filter + ['dry_run' => $isDryRun]);
    }

    /** Long work on the gateway as it stands. */
    public function job(string $id): array
    {
        return $this->ask('GET', '/jobs/' . rawurlencode($id));
    }

    /** What is known of a SKU, lane by lane. */
    public function trace(string $sku): array
    {
        return $this->ask('GET', '/trace', ['sku' => $sku]);
    }

    /** Where to send the seller for consent. */
    public function consentUrl(): array
    {
        return $this->ask('GET', '/oauth/url');
    }

    /** Lets what the avalanche guard holds go, or drops it. */
    public function decideGuard(bool $isConfirmed): array
    {
        return $this->ask('POST', $isConfirmed ? '/guard/confirm' : '/guard/discard');
    }

    /** Categories below one; none: the top. */
    public function categories(?string $parent = null): array
    {
        return $this->ask('GET', '/categories', ['parent' => $parent]);
    }

    /** Leaves of the tree whose names hold these words. */
    public function searchCategories(string $words): array
    {
        return $this->ask('GET', '/categories', ['search' => $words]);
    }

    /** Leaves that AliExpress proposes for a title. */
    public function suggestCategories(string $title): array
    {
        return $this->ask('GET', '/categories', ['suggest' => $title]);
    }

    /**
     * These categories.
     *
     * @param list<int> $ids
     */
    public function categoriesOf(array $ids): array
    {
        return $this->ask('GET', '/categories', ['ids' => implode(',', $ids)]);
    }

    /** The attributes of a category, with the seller's templates and groups. */
    public function schema(int $category): array
    {
        return $this->ask('GET', "/categories/$category/schema", [], null, true);
    }

    /**
     * A page of the values of an attribute, whose list a schema shows the beginning of.
     *
     * @param list<int> $ids some of them; none: all
     */
    public function attributeValues(int $category, int $attribute, array $ids, int $cursor, int $limit): array
    {
        $query = ['ids' => $ids === [] ? null : implode(',', $ids), 'cursor' => $cursor, 'limit' => $limit];

        return $this->ask('GET', "/categories/$category/attributes/$attribute/values", $query, null, true);
    }

    /** The mapping as it stands, with its version. */
    public function mapping(): array
    {
        return $this->ask('GET', '/mapping', [], null, true);
    }

    /** Replaces the mapping, whole, where it still has the version that it was made from. */
    public function putMapping(array $mapping, int $version): array
    {
        return $this->ask('PUT', '/mapping', [], ['version' => $version, 'mapping' => (object)$mapping], true);
    }

    /**
     * What would be refused, grouped by cause, with the SKUs; nothing is sent.
     *
     * @param array<string, mixed>|null $mapping one that is not kept yet; null: the kept one
     */
    public function checkMapping(?array $mapping = null): array
    {
        $body = $mapping === null ? [] : ['mapping' => (object)$mapping];

        return $this->ask('POST', '/mapping/check', [], $body, true, self::CHECK_TIMEOUT_MS);
    }

    /** What the properties and values of a section's products may mean in a category, by their names. */
    public function mappingSuggestions(string $section, int $category): array
    {
        return $this->ask('GET', '/mapping/suggestions', ['section' => $section, 'category' => $category], null, true);
    }

    /** A page of listings, in a state and with a reason where these are given. */
    public function listings(?string $state, ?string $reason, ?string $cursor, int $limit): array
    {
        $query = ['state' => $state, 'reason' => $reason, 'cursor' => $cursor, 'limit' => $limit];

        return $this->ask('GET', '/listings', $query);
    }

    /**
     * @param list<string> $keys
     * @return array<string, mixed>
     */
    private static function selection(array $keys, ?string $lane): array
    {
        $which = $keys === [] ? ['all' => true] : ['keys' => array_values($keys)];

        return $lane === null ? $which : $which + ['lane' => $lane];
    }

    /**
     * @param array<string, scalar|null> $query without those that are null
     * @param array<string, mixed>|null $data the body; none for a request without one
     * @param bool $isLarge whether the answer may be larger than most
     * @return array<array-key, mixed>
     * @throws Recoverable where the same may be asked later
     * @throws Unrecoverable where asking again cannot help
     */
    private function ask(
        string $method,
        string $path,
        array $query = [],
        ?array $data = null,
        bool $isLarge = false,
        ?int $timeoutMs = null,
    ): array {
        $query = http_build_query($query, '', '&', PHP_QUERY_RFC3986);
        $path = $this->transport->shopPath . $path . ($query === '' ? '' : "?$query");
        $body = $data === null ? '' : self::encode($data);
        $headers = $data === null ? [] : ['Content-Type: application/json'];
        $id = bin2hex(random_bytes(16));
        $signed = "$method $path\n$body";
        $bytesMax = $isLarge ? self::ANSWER_BYTES_MAX : Transport::ANSWER_BYTES_MAX;
        $answer = $this->transport->exchange($method, $path, $id, $signed, $body, $headers, $bytesMax, $timeoutMs);
        if ($answer->status < 200 || $answer->status > 299) {
            throw $this->transport->refusal($answer);
        }
        $decoded = $answer->isTooLarge ? null : json_decode($answer->body, true, self::DEPTH_MAX);
        if (!is_array($decoded)) {
            throw Transport::unreadable($answer, new \UnexpectedValueException('it is not JSON within the limits'));
        }

        return $decoded;
    }

    /** @param array<string, mixed> $data */
    private static function encode(array $data): string
    {
        $flags = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION | JSON_THROW_ON_ERROR;
        try {
            return json_encode((object)$data, $flags);
        } catch (\JsonException $error) {
            $message = "the request cannot be written as JSON: {$error->getMessage()}";
            throw new Unrecoverable($message, 'request_unencodable', previous: $error);
        }
    }
}
