// Starts the OCPP gateway.
import { runService } from '@evenkeel/service';
import { GatewaySettings } from './config';
import { OcppGatewayModule } from './ocpp-gateway.module';

void runService({ name: 'ocpp-gateway', module: OcppGatewayModule, settings: GatewaySettings });
