<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway;

use Aligate\Aliexpress\Gateway\Exception\Recoverable;
use Aligate\Aliexpress\Gateway\Exception\Unrecoverable;
use Aligate\Aliexpress\Signing\Signature;

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

    private readonly string $root;
    private readonly Transport $transport;

    /**
     * @param string $gatewayUrl with http or https, without the path of the API
     * @param string $shop the shop's id at the gateway
     * @param (\Closure(): int)|null $now unix seconds; the system's clock where none is given
     * @throws \InvalidArgumentException where the URL or a timeout cannot be used
     */
    public function __construct(
        string $gatewayUrl,
        string $shop,
        Signature $signature,
        int $connectTimeoutMs = 3000,
        int $timeoutMs = 15000,
        ?\Closure $now = null,
    ) {
        if ($shop === '') {
            throw new \InvalidArgumentException('the shop\'s id is empty');
        }
        $this->transport = new Transport($gatewayUrl, $signature, $connectTimeoutMs, $timeoutMs, $now);
        $this->root = '/v1/shops/' . rawurlencode($shop);
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

    /** Categories below one (none: the top), or those whose names hold a text. */
    public function categories(?string $parent = null, ?string $search = null): array
    {
        return $this->ask('GET', '/categories', ['parent' => $parent, 'search' => $search]);
    }

    /** The attributes of a category. */
    public function schema(string $category): array
    {
        return $this->ask('GET', '/categories/' . rawurlencode($category) . '/schema');
    }

    /** The mapping as it stands, with its version. */
    public function mapping(): array
    {
        return $this->ask('GET', '/mapping');
    }

    /** Replaces the mapping, whole. */
    public function putMapping(array $mapping): array
    {
        return $this->ask('PUT', '/mapping', [], $mapping);
    }

    /** What would be refused, grouped by cause, with the SKUs; nothing is sent. */
    public function checkMapping(): array
    {
        return $this->ask('POST', '/mapping/check');
    }

    /** A page of listings in a state. */
    public function listings(?string $state = null, ?string $cursor = null): array
    {
        return $this->ask('GET', '/listings', ['state' => $state, 'cursor' => $cursor]);
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
     * @return array<array-key, mixed>
     * @throws Recoverable where the same may be asked later
     * @throws Unrecoverable where asking again cannot help
     */
    private function ask(string $method, string $path, array $query = [], ?array $data = null): array
    {
        $query = http_build_query($query, '', '&', PHP_QUERY_RFC3986);
        $path = $this->root . $path . ($query === '' ? '' : "?$query");
        $body = $data === null ? '' : self::encode($data);
        $headers = $data === null ? [] : ['Content-Type: application/json'];
        $id = bin2hex(random_bytes(16));
        $answer = $this->transport->exchange($method, $path, $id, "$method $path\n$body", $body, $headers);
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
