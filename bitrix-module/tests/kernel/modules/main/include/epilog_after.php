<?php

\CMain::FinalActions();
