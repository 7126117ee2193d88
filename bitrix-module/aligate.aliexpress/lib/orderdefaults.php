<?php

declare(strict_types=1);

namespace Aligate\Aliexpress;

/** What an order that comes from AliExpress gets where AliExpress does not say it. 0 and '' mean: not chosen. */
final class OrderDefaults
{
    /**
     * @param string $siteId the site (LID) of the order
     * @param int $userId the buyer that every order is written to
     * @param array<string, string> $statuses AliExpress status => status of `sale`; without an entry the contract's
     *     default holds
     * @param array<string, string> $properties what of the buyer (name, phone, address, city, zip, region, country) =>
     *     code of
     *     the order's property
     * @param array<string, string> $carriers id of the delivery service => AliExpress carrier
     * @param bool $refusesUnknownSkus whether an order with a SKU that the shop does not have is refused, else it is a line without
     *     a product
     * @param bool $sendsMail whether the shop's e-mails go out for it
     * @param bool $printsReceipts whether it may be paid through a pay system that prints fiscal receipts
     */
    public function __construct(
        public readonly string $siteId = '',
        public readonly int $userId = 0,
        public readonly int $personTypeId = 0,
        public readonly int $deliveryId = 0,
        public readonly int $paySystemId = 0,
        public readonly int $responsibleId = 0,
        public readonly array $statuses = [],
        public readonly array $properties = [],
        public readonly array $carriers = [],
        public readonly bool $refusesUnknownSkus = false,
        public readonly bool $sendsMail = false,
        public readonly bool $printsReceipts = false,
    ) {
    }

    /** @param array<mixed> $saved */
    public static function fromArray(array $saved): self
    {
        return new self(
            siteId: Saved::text($saved, 'site_id', 2),
            userId: Saved::integer($saved, 'user_id'),
            personTypeId: Saved::integer($saved, 'person_type_id'),
            deliveryId: Saved::integer($saved, 'delivery_id'),
            paySystemId: Saved::integer($saved, 'pay_system_id'),
            responsibleId: Saved::integer($saved, 'responsible_id'),
            statuses: Saved::textMap($saved, 'statuses'),
            properties: Saved::textMap($saved, 'properties'),
            carriers: Saved::textMap($saved, 'carriers'),
            refusesUnknownSkus: Saved::flag($saved, 'refuses_unknown_skus', false),
            sendsMail: Saved::flag($saved, 'sends_mail', false),
            printsReceipts: Saved::flag($saved, 'prints_receipts', false),
        );
    }

    /** @return array<string, mixed> */
    public function toArray(): array
    {
        return [
            'site_id' => $this->siteId,
            'user_id' => $this->userId,
            'person_type_id' => $this->personTypeId,
            'delivery_id' => $this->deliveryId,
            'pay_system_id' => $this->paySystemId,
            'responsible_id' => $this->responsibleId,
            'statuses' => $this->statuses,
            'properties' => $this->properties,
            'carriers' => $this->carriers,
            'refuses_unknown_skus' => $this->refusesUnknownSkus,
            'sends_mail' => $this->sendsMail,
            'prints_receipts' => $this->printsReceipts,
        ];
    }
}
