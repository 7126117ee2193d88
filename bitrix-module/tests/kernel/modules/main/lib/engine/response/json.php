<?php

namespace Bitrix\Main\Engine\Response;

use Bitrix\Main\HttpResponse;

/** An answer in JSON. */
class Json extends HttpResponse
{
    protected $data;
    protected $jsonEncodingOptions;

    public function __construct($data = null, $options = 0)
    {
        parent::__construct();
        $this->jsonEncodingOptions = $options;
        $this->addHeader('Content-Type', 'application/json; charset=UTF-8');
        $this->setData($data);
    }

    public function setData($data)
    {
        $this->data = $data;
        return $this->setContent(\Bitrix\Main\Web\Json::encode($data, $this->jsonEncodingOptions ?: null));
    }
}
