<?php

$MESS['ALIGATE_ALIEXPRESS_NOTICE_STUCK'] = 'AliExpress (#NAME#): изменения не уходят уже #HOURS# ч, ждут: #COUNT#. Проверьте шлюз и агенты.';
$MESS['ALIGATE_ALIEXPRESS_NOTICE_PARKED'] = 'AliExpress (#NAME#): не отправлены из-за ошибок в данных: #COUNT#.';
$MESS['ALIGATE_ALIEXPRESS_NOTICE_REFUSED'] = 'AliExpress (#NAME#): шлюз отказывает магазину: #WHY#';
$MESS['ALIGATE_ALIEXPRESS_NOTICE_TOKEN'] = 'AliExpress (#NAME#): доступ к AliExpress закончился, обновления остановлены. Дайте согласие заново.';
$MESS['ALIGATE_ALIEXPRESS_NOTICE_TOKEN_ENDS'] = 'AliExpress (#NAME#): доступ к AliExpress закончится через #DAYS# дн. Дайте согласие заново.';
$MESS['ALIGATE_ALIEXPRESS_NOTICE_HELD'] = 'AliExpress (#NAME#): удержано подозрительных изменений: #COUNT#. Подтвердите их или отмените.';
$MESS['ALIGATE_ALIEXPRESS_NOTICE_DEAD'] = 'AliExpress (#NAME#): AliExpress не принял изменений: #COUNT#.';
$MESS['ALIGATE_ALIEXPRESS_NOTICE_RESTORED'] = 'AliExpress (#NAME#): магазин восстановлен из резервной копии. Обнуления остатков и удаления ждут вашего подтверждения.';
