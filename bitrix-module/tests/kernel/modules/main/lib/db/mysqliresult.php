<?php

namespace Bitrix\Main\DB;

/** A result of mysqli in its text protocol. */
class MysqliResult extends Result
{
    public function __construct($result, ?Connection $dbConnection = null, ?\Bitrix\Main\Diag\SqlTrackerQuery $trackerQuery = null)
    {
        parent::__construct($result, $dbConnection, $trackerQuery);
        if (!$result instanceof \mysqli_result) {
            return;
        }
        $helper = $dbConnection->getSqlHelper();
        foreach ($result->fetch_fields() as $field) {
            if ($field->type === MYSQLI_TYPE_DATETIME || $field->type === MYSQLI_TYPE_TIMESTAMP) {
                $this->converters[$field->name] = $helper->convertFromDbDateTime(...);
            } elseif ($field->type === MYSQLI_TYPE_DATE) {
                $this->converters[$field->name] = $helper->convertFromDbDate(...);
            }
        }
    }

    public function getFields()
    {
        $names = $this->resource instanceof \mysqli_result ? array_column($this->resource->fetch_fields(), 'name') : [];
        return array_combine($names, array_map(static fn (string $name) => new \Bitrix\Main\ORM\Fields\StringField($name), $names));
    }

    public function getSelectedRowsCount()
    {
        return $this->resource instanceof \mysqli_result ? (int)$this->resource->num_rows : 0;
    }

    protected function fetchRowInternal()
    {
        return $this->resource instanceof \mysqli_result ? $this->resource->fetch_assoc() : null;
    }
}
